/** The shortcodes the workspace knows; any other one is shown as it was written. */
const CODES = {
  arrow_right: "➡️", arrows_counterclockwise: "🔄", ballot_box_with_check: "☑️", bell: "🔔", bust_in_silhouette: "👤",
  calendar: "📆", cherry_blossom: "🌸", christmas_tree: "🎄", clipboard: "📋", closed_lock_with_key: "🔐", computer: "💻",
  credit_card: "💳", dollar: "💵", email: "📧", exclamation: "❗", eyes: "👀", fire: "🔥", gear: "⚙️", gift: "🎁",
  grey_exclamation: "❕", grey_question: "❔", hand: "✋", heart: "❤️", heavy_check_mark: "✔️", heavy_minus_sign: "➖",
  heavy_plus_sign: "➕", herb: "🌿", hourglass: "⌛", hourglass_flowing_sand: "⏳", house: "🏠", inbox_tray: "📥",
  information_source: "ℹ️", key: "🔑", label: "🏷️", large_blue_circle: "🔵", large_green_circle: "🟢",
  large_orange_circle: "🟠", large_yellow_circle: "🟡", leaves: "🍃", link: "🔗", lock: "🔒", mag: "🔍", memo: "📝",
  money_with_wings: "💸", moneybag: "💰", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", package: "📦",
  pencil: "📝", pencil2: "✏️", point_right: "👉", pray: "🙏", question: "❓", raised_hand: "✋", receipt: "🧾",
  red_circle: "🔴", repeat: "🔁", rocket: "🚀", rotating_light: "🚨", seedling: "🌱", shopping_bags: "🛍️",
  shopping_trolley: "🛒", slightly_smiling_face: "🙂", smile: "😄", sparkles: "✨", speech_balloon: "💬", star: "⭐",
  tada: "🎉", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", ticket: "🎫", timer_clock: "⏲️", truck: "🚚",
  wastebasket: "🗑️", wave: "👋", warning: "⚠️", white_circle: "⚪", white_check_mark: "✅", white_large_square: "⬜",
  wrench: "🔧", x: "❌", zap: "⚡",
};

/** The character of a shortcode without its colons, or null. */
export function emoji(name) {
  return Object.hasOwn(CODES, name) ? CODES[name] : null;
}
