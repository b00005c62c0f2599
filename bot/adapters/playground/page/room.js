// What the bot posts by itself: pins and greetings, changed in place as they change.
import { byId } from "./dom.js";
import * as discord from "./discord.js";
import * as telegram from "./telegram.js";

/** `put(pane, node)` adds a message at the end of that pane; `act` is what its buttons and commands do. */
export function room(put, act) {
  const faces = { discord, telegram };
  const known = new Map();

  function posted(told) {
    const before = known.get(told.message);
    const nodes = Object.fromEntries(Object.entries(faces).map(([name, face]) => [name, face.answer(told, act)]));
    for (const [name, node] of Object.entries(nodes)) {
      node.classList.add("post");
      node.classList.toggle("pinned", told.pinned);
      if (before) before[name].replaceWith(node);
      else put(name, node);
    }
    known.set(told.message, nodes);
    count();
  }

  /** Only those messages stand there still. */
  function standing({ messages }) {
    for (const [message, nodes] of known) {
      if (messages.includes(message)) continue;
      for (const node of Object.values(nodes)) node.remove();
      known.delete(message);
    }
    count();
  }

  function count() {
    byId("pins").textContent = [...known.values()].filter((one) => one.discord.classList.contains("pinned")).length;
  }

  return { posted, standing };
}
