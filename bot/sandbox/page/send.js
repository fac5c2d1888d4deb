/** Sends what was written: a message, or a slash command with Slackbot's words when it fails. */
import { post } from "./api.js";
import { sayAsSlackbot, state } from "./state.js";
import { refreshMessages, refreshThread, refreshViews } from "./sync.js";

/** Send a text from a channel's composer or a thread's ({channel, thread_ts?}). */
export async function send(text, where) {
  if (text.startsWith("/")) return sendCommand(text, where);
  const answer = await post("message", { user: state.me, ...where, text: asMarkup(text) });
  if (answer.ok === false) {
    sayAsSlackbot({
      ...where,
      text: `Your message was not sent (\`${answer.error}\`). Check your connection and try again.`,
    });
  }
  await Promise.all([refreshMessages(), refreshThread()]);
}

async function sendCommand(text, where) {
  const answer = await post("command", { user: state.me, ...where, text });
  if (answer.ok === false)
    sayAsSlackbot({ ...where, text: failure(text.split(/\s/)[0], answer.error) });
  await Promise.all([refreshViews(), refreshMessages()]);
}

function failure(command, error) {
  const name = `\`${command.replaceAll("`", "").replaceAll("&", "&amp;").replaceAll("<", "&lt;")}\``;
  if (error === "in_thread") return `${name} is not supported in threads. Sorry!`;
  if (error === "unknown_command") {
    return (
      `${name} is not a valid command. In Slack, all messages that start with the “/” character are interpreted ` +
      "as commands.\nIf you are trying to send a message and not run a command, try preceding the “/” with an empty space."
    );
  }
  return `${name} failed with the error “${error}”`;
}

/** What a person types has no markup of its own: its special characters are escaped, names become mentions. */
function asMarkup(text) {
  let markup = text.trim().replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  for (const one of state.people) markup = markup.replaceAll(`@${one.real_name}`, `<@${one.id}>`);
  return markup.replace(/(^|\s)@(here|channel|everyone)\b/g, "$1<!$2>");
}
