// Shows a message as Telegram does: its text with entities, counted in UTF-16 units as in JavaScript.
import { attached, buttons, element, when } from "./dom.js";

const TAGS = { bold: "strong", italic: "em" };
const COMMAND = /(?<![\w/@:.])\/[a-z0-9_]{1,32}(?![\w/])/gu;

/** Nodes for the text from `start` to `end`, with its entities. Commands can be tapped as in Telegram's apps. */
function stretch(text, start, end, entities, act) {
  const nodes = [];
  let at = start;
  const inside = entities.filter((one) => one.offset >= start && one.offset + one.length <= end);
  while (inside.length) {
    const one = inside.shift();
    const stop = one.offset + one.length;
    if (one.offset < at) continue;
    nodes.push(...plain(text.slice(at, one.offset), act));
    const deeper = inside.filter((other) => other.offset + other.length <= stop);
    nodes.push(element(TAGS[one.type] ?? "span", {}, ...stretch(text, one.offset, stop, deeper, act)));
    at = stop;
  }
  nodes.push(...plain(text.slice(at, end), act));
  return nodes;
}

function plain(words, act) {
  const nodes = [];
  let at = 0;
  for (const found of words.matchAll(COMMAND)) {
    nodes.push(words.slice(at, found.index));
    nodes.push(element("a", { href: "#say", class: "command", click: (event) => { event.preventDefault(); act.type(found[0]); } }, found[0]));
    at = found.index + found[0].length;
  }
  nodes.push(words.slice(at));
  return nodes.filter(Boolean);
}

export function entities(text, marked, act) {
  return stretch(text, 0, text.length, marked ?? [], act);
}

/** The user's message. `mine` is what a reply to it passes to the bot. */
export function question(words, { quoted, mine, act }) {
  const bubble = element("div", { class: "bubble" }, quoted ? quote("You", quoted) : null, element("span", {}, words), element("time", {}, when()));
  const reply = mine.chat === "direct" ? null : element("button", { type: "button", class: "answer-it", title: "Reply", "aria-label": `Reply to “${words}”`, click: () => act.reply(mine) }, "↩");
  return element("article", { class: "message mine" }, reply, bubble);
}

function quote(who, words) {
  return element("div", { class: "quote" }, element("b", {}, who), words.split("\n")[0]);
}

/** The bot's answer. `act.press(button, pane, data, pressed)` handles a button, `act.type(text)` a tapped command. */
export function answer(data, act) {
  const shown = data.faces.telegram;
  const text = element("div", { class: "text", lang: data.locale, "data-digest": data.digest }, ...entities(shown.text, shown.entities, act));
  const quoted = data.quoted ? quote(data.quoted.who, data.quoted.words) : null;
  const pinned = data.pinned ? element("p", { class: "pin-mark" }, "Pinned") : null;
  const time = element("time", {}, data.edited ? `edited ${when(data.edited)}` : when(data.at));
  const note = data.seen?.telegram === "alone" ? element("p", { class: "private" }, "Only you can see this") : null;
  return element("article", { class: "message" }, element("div", { class: "stack" }, element("div", { class: "bubble" }, pinned, quoted, attached(data), text, time), ...buttons("telegram", data, act), note));
}
