// The requests to the bot, and the events that it sends by itself.

async function json(response) {
  const value = await response.json().catch(() => ({ error: `the bot answered ${response.status}` }));
  if (!response.ok) throw new Error(value.error);
  return value;
}

function unreachable() {
  throw new Error("the bot is not running.");
}

async function post(path, value) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", body: JSON.stringify(value), headers }).catch(unreachable);
  return json(response);
}

/** Ask a question or press a button. The fields are those of `Asked` in requests.py. */
export const ask = (question) => post("/api/ask", question);

/** Let so many made-up members join. */
export const join = (count, hostile) => post("/api/join", { count, hostile });

/** Set the speed of the clock that greetings wait for. */
export const hasten = (speed) => post("/api/clock", { speed });

export async function get(path, query) {
  return json(await fetch(`${path}?${new URLSearchParams(query)}`).catch(unreachable));
}

/** Call `listeners[name]` with the data of each event of that name, and `lost()` when the connection fails.

    A hidden page closes its connection, because a browser has only six for all pages of one host. */
export function listen(listeners, lost) {
  let source = null;
  const follow = () => {
    source?.close();
    source = null;
    if (document.visibilityState === "hidden") return;
    source = new EventSource("/events");
    source.addEventListener("error", () => lost());
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}
