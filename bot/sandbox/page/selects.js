/** Block Kit's selects: with options of their own, with the app's, with people or conversations. */
import { appIcon, avatar } from "./avatar.js";
import { combobox } from "./combobox.js";
import { widget } from "./dom.js";
import { placeholderOf } from "./fields.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { channel, person, state } from "./state.js";

function select(field, { groups, selected, isMultiple, placeholder, load = null, take }) {
  const { element } = field;
  return widget(combobox, {
    id: field.id,
    label: field.label,
    describedBy: field.describedBy,
    invalid: field.isInvalid,
    placeholder: placeholderOf(element, placeholder),
    multiple: isMultiple,
    most: element.max_selected_items,
    canClear: field.isOptional,
    selected: isMultiple ? selected : selected.slice(0, 1),
    groups,
    load,
    minQuery: element.min_query_length ?? 3,
    onChange: (options, isFinal) => {
      const values = take ? options.map(take) : options;
      field.change(isMultiple ? values : (values[0] ?? null), isFinal);
    },
  });
}

/** A select whose value is an option: its own, or one that the app is asked for. */
function optionSelect(field, { isMultiple = false, isExternal = false }) {
  const { element, value } = field;
  const groups = element.option_groups
    ? element.option_groups.map((group) => ({ label: plain(group.label), options: group.options }))
    : [{ label: null, options: element.options ?? [] }];
  return select(field, {
    groups,
    isMultiple,
    selected: [value].flat().filter(Boolean),
    placeholder: isMultiple ? "Select options" : "Select an option",
    load: isExternal ? field.load : null,
  });
}

/** A select whose value is an id; what is chosen already is shown even when it is offered no more. */
function idSelect(field, { isMultiple = false, offered, find, placeholder }) {
  return select(field, {
    groups: [{ label: null, options: offered(field.element) }],
    isMultiple,
    selected: [field.value].flat().filter(Boolean).map(find),
    placeholder,
    take: (option) => option.value,
  });
}

function named(value, text, lead, description = null) {
  return {
    value,
    text: { type: "plain_text", text, emoji: false },
    description: description && { type: "plain_text", text: description, emoji: false },
    lead,
  };
}

function personOption(id) {
  const one = person(id) ?? { id, real_name: id };
  return named(id, one.real_name, () => avatar(one, 20), one.title);
}

function channelOption(id) {
  const one = channel(id);
  if (one?.is_im) return named(id, state.app.name, () => appIcon(20));
  return named(id, one?.name ?? id, () => icon(one?.is_private ? "lock" : "hash", 16));
}

function people() {
  return state.people.filter((one) => !one.deleted).map((one) => personOption(one.id));
}

function conversations(wanted) {
  return state.channels.filter((one) => !one.is_archived && wanted(one)).map((one) => channelOption(one.id));
}

function passes({ filter = {} }, one) {
  // The only direct messages here are those with the app, which is a bot.
  if (one.is_im) return !filter.exclude_bot_users && (filter.include ?? ["im"]).includes("im");
  return !filter.include || filter.include.includes(one.is_private ? "private" : "public");
}

const PEOPLE = { offered: people, find: personOption };
const CHANNELS = {
  offered: () => conversations((one) => !one.is_private && !one.is_im),
  find: channelOption,
};
const CONVERSATIONS = {
  offered: (element) => conversations((one) => passes(element, one)),
  find: channelOption,
};

function both(kind, what, [one, many]) {
  return {
    [kind]: (field) => idSelect(field, { ...what, placeholder: one }),
    [`multi_${kind}`]: (field) => idSelect(field, { ...what, isMultiple: true, placeholder: many }),
  };
}

export const SELECTS = {
  static_select: (field) => optionSelect(field, {}),
  external_select: (field) => optionSelect(field, { isExternal: true }),
  multi_static_select: (field) => optionSelect(field, { isMultiple: true }),
  multi_external_select: (field) => optionSelect(field, { isExternal: true, isMultiple: true }),
  ...both("users_select", PEOPLE, ["Select a person", "Select people"]),
  ...both("channels_select", CHANNELS, ["Select a channel", "Select channels"]),
  ...both("conversations_select", CONVERSATIONS, ["Select a conversation", "Select conversations"]),
};
