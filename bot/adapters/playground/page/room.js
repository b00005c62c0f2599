// What the bot posts by itself: pins and greetings, changed in place as they change.
import { byId } from "./dom.js";
import * as discord from "./discord.js";
import * as telegram from "./telegram.js";

/** `put(pane, node)` adds a message at the end of that pane; `act` is what its buttons and commands do. */
export function room(put, act) {
  const faces = { discord, telegram };
  const standing = new Map();

  function posted(told) {
    const known = standing.get(told.message);
    const nodes = Object.fromEntries(Object.entries(faces).map(([name, face]) => [name, face.answer(told, act)]));
    for (const [name, node] of Object.entries(nodes)) {
      node.classList.add("post");
      node.classList.toggle("pinned", told.pinned);
      if (known) known[name].replaceWith(node);
      else put(name, node);
    }
    standing.set(told.message, nodes);
    byId("pins").textContent = [...standing.values()].filter((one) => one.discord.classList.contains("pinned")).length;
  }

  function gone({ name }) {
    const message = name.split("/")[1];
    for (const node of Object.values(standing.get(message) ?? {})) node.remove();
    standing.delete(message);
  }

  return { posted, gone };
}
