/** The control API, and nothing else, over fetch and server-sent events. */

async function answerOf(request) {
  let response;
  try {
    response = await request;
    return await response.json();
  } catch {
    // The page says so in Slack's words; a caller only looks at `ok`.
    return { ok: false, error: response ? `http_${response.status}` : "no_connection" };
  }
}

/** Read one resource; {"ok": false, "error": ...} when it cannot be read. */
export function get(resource, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return answerOf(fetch(`/control/${resource}${query ? `?${query}` : ""}`));
}

/** Do what a person does; never throws. */
export function post(resource, body) {
  return answerOf(
    fetch(`/control/${resource}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

/** Call `onEvent` for every change and `onOpen` after each (re)connection, when all may have changed. */
export function listen({ onEvent, onOpen, onLost }) {
  const source = new EventSource("/control/events");
  source.onopen = onOpen;
  source.onerror = onLost;
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
}
