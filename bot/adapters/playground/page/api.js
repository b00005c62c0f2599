// What the page asks the bot, and what the bot tells by itself.

async function answered(response) {
  const told = await response.json().catch(() => ({ error: `the bot answered ${response.status}` }));
  if (!response.ok) throw new Error(told.error);
  return told;
}

/** Ask or press: see read.py for the fields. */
export async function ask(question) {
  const body = JSON.stringify(question);
  return answered(await fetch("/api/ask", { method: "POST", body, headers: { "Content-Type": "application/json" } }));
}

export async function get(path, query) {
  return answered(await fetch(`${path}?${new URLSearchParams(query)}`));
}

/** Call back with every event of those names, and with whether the bot can be reached. */
export function listen(listeners, reached) {
  const source = new EventSource("/events");
  source.addEventListener("open", () => reached(true));
  source.addEventListener("error", () => reached(false));
  for (const [name, listener] of Object.entries(listeners)) {
    source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
  }
}
