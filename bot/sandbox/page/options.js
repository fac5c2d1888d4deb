/** The options a select offers: its own, filtered by what is typed, or the app's, asked for. */
import { plain } from "./mrkdwn.js";

const DEBOUNCE_MS = 200;
const MOST_SHOWN = 100;

/** Options by group for one select; `onLoaded` is called when asked-for ones have arrived. */
export class OptionSource {
  constructor(onLoaded) {
    this.onLoaded = onLoaded;
    this.loaded = { query: null, options: [], isLoading: false };
  }

  /** Take {groups} or {load(query), minQuery}; what was loaded so far is kept. */
  use({ groups, load, minQuery = 0 }) {
    Object.assign(this, { given: groups, load, minQuery });
  }

  /** Ask the app, a moment after the last key; an answer to an older question is dropped. */
  ask(query) {
    this.stop();
    if (!this.load) return;
    const isAsked = query.length >= this.minQuery;
    this.loaded = { query, options: [], isLoading: isAsked };
    if (isAsked) this.timer = setTimeout(() => this.fetch(query), query ? DEBOUNCE_MS : 0);
  }

  async fetch(query) {
    const answer = await this.load(query);
    if (this.loaded.query !== query) return;
    this.loaded = { query, ...answer, isLoading: false };
    this.onLoaded();
  }

  stop() {
    clearTimeout(this.timer);
  }

  /** The groups [{label, options}] for what is typed. */
  groups(query) {
    if (this.load) return [{ label: null, options: this.loaded.options }];
    const wanted = query.trim().toLowerCase();
    return this.given.map(({ label, options }) => ({
      label,
      options: options.filter((option) => plain(option.text).toLowerCase().includes(wanted)),
    }));
  }

  /** The same in one list, as far as it is shown. */
  options(query) {
    const all = this.groups(query).flatMap((group) => group.options);
    return all.slice(0, MOST_SHOWN);
  }

  /** What stands in an empty list. */
  emptyText(query) {
    if (!this.load) return "No results";
    if (query.length < this.minQuery) return "Start typing to see options";
    if (this.loaded.isLoading) return "Loading…";
    return this.loaded.error ? "Result not available" : "No results";
  }
}
