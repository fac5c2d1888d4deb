/** Times as Slack writes them: in this browser's time zone and in English. */

const DAY_MS = 86_400_000;

function format(date, options) {
  return new Intl.DateTimeFormat("en-US", options).format(date);
}

export function fromTs(ts) {
  return new Date(Number(ts) * 1000);
}

export function timeOf(date) {
  return format(date, { hour: "numeric", minute: "2-digit" });
}

export function dayKey(date) {
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

function ordinal(day) {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${(!teen && { 1: "st", 2: "nd", 3: "rd" }[day % 10]) || "th"}`;
}

function dateOf(date, { month = "long", weekday } = {}) {
  const parts = [`${format(date, { month })} ${ordinal(date.getDate())}`];
  if (weekday) parts.unshift(format(date, { weekday: "long" }));
  if (date.getFullYear() !== new Date().getFullYear()) parts.push(String(date.getFullYear()));
  return parts.join(", ");
}

/** "Today", "Yesterday" or the day in full, for the line between two days. */
export function dayOf(date) {
  return relativeDay(date) ?? dateOf(date, { weekday: true });
}

function relativeDay(date) {
  const now = Date.now();
  if (dayKey(date) === dayKey(new Date(now))) return "Today";
  if (dayKey(date) === dayKey(new Date(now - DAY_MS))) return "Yesterday";
  if (dayKey(date) === dayKey(new Date(now + DAY_MS))) return "Tomorrow";
  return null;
}

/** A date picker's "2026-12-31" in words. */
export function calendarDate(value) {
  const [year, month, day] = value.split("-").map(Number);
  return TOKENS.date(new Date(year, month - 1, day));
}

/** "today at 2:28 AM", as in "Last reply ...". */
export function dayAndTimeOf(date) {
  const day = relativeDay(date)?.toLowerCase() ?? dateOf(date, { month: "short" });
  return `${day} at ${timeOf(date)}`;
}

function agoOf(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const steps = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en-US").format(Math.round(seconds / size), unit);
}

const TOKENS = {
  date_num: (d) =>
    `${d.getFullYear()}-${format(d, { month: "2-digit" })}-${format(d, { day: "2-digit" })}`,
  date_slash: (d) => format(d, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (d) => `${format(d, { month: "long" })} ${ordinal(d.getDate())}, ${d.getFullYear()}`,
  date_short: (d) => format(d, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (d) => `${format(d, { weekday: "long" })}, ${TOKENS.date(d)}`,
  date_pretty: (d) => relativeDay(d)?.toLowerCase() ?? TOKENS.date(d),
  date_short_pretty: (d) => relativeDay(d)?.toLowerCase() ?? TOKENS.date_short(d),
  date_long_pretty: (d) => relativeDay(d)?.toLowerCase() ?? TOKENS.date_long(d),
  day_divider_pretty: dayOf,
  time: timeOf,
  time_secs: (d) => format(d, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: agoOf,
};

/** Fill in a `<!date^...>` pattern, or answer null when the time makes no sense. */
export function formatDate(timestamp, pattern) {
  const date = fromTs(timestamp);
  if (Number.isNaN(date.getTime())) return null;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(date) ?? whole);
}
