// What the page asks the bot, and what the bot tells by itself.

async function answered(response) {
  const told = await response.json().catch(() => ({ error: `the bot answered ${response.status}` }));
  if (!response.ok) throw new Error(told.error);
  return told;
}

function unreachable() {
  throw new Error("the bot is not running.");
}

async function post(path, told) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", body: JSON.stringify(told), headers }).catch(unreachable);
  return answered(response);
}

/** Ask or press: see requests.py for the fields. */
export const ask = (question) => post("/api/ask", question);

/** Let so many members join. */
export const join = (count, hostile) => post("/api/join", { count, hostile });

/** Let greetings wait for seconds that pass so many times as fast. */
export const hasten = (speed) => post("/api/clock", { speed });

export async function get(path, query) {
  return answered(await fetch(`${path}?${new URLSearchParams(query)}`).catch(unreachable));
}

/** Call back with every event of those names, and with whether the bot can be reached.

    A page that nobody sees lets go of its connection: a browser has but six for all its pages of one host. */
export function listen(listeners, reached) {
  let source = null;
  const follow = () => {
    source?.close();
    source = null;
    if (document.visibilityState === "hidden") return;
    source = new EventSource("/events");
    source.addEventListener("error", () => reached(false));
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}
