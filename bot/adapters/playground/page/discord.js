// Shows a message as Discord does, and reads its markdown like Discord's app.
import { attached, bot, buttons, element, when } from "./dom.js";

const MARKS = [["**", "strong"], ["__", "u"], ["~~", "s"], ["||", "span"], ["*", "em"], ["_", "em"]];
const LETTER = /[\p{L}\p{N}_]/u;
const REFERENCE = /^<(@!?|#)(\d+)>/u;
const LINK = /^https:\/\/discord\.com\/channels\/\S+/u; // a link to a message, shown with the name of its channel

/** Nodes for lines of markdown without lists and other blocks. `names` has the names of members and channels by id. */
function inline(source, names) {
  const nodes = [];
  let words = "";
  const put = (node) => {
    if (words) nodes.push(words);
    words = "";
    nodes.push(node);
  };
  for (let at = 0; at < source.length; ) {
    const found = escaped(source, at) ?? code(source, at) ?? reference(source, at, names) ?? marked(source, at, names);
    if (!found) words += source[at];
    else if (typeof found.node === "string") words += found.node;
    else put(found.node);
    at += found ? found.length : 1;
  }
  if (words) nodes.push(words);
  return nodes;
}

function escaped(source, at) {
  const next = source[at + 1];
  return source[at] === "\\" && next && /[^0-9A-Za-z\s]/u.test(next) ? { node: next, length: 2 } : null;
}

function code(source, at) {
  const found = /^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/u.exec(source.slice(at));
  return found && { node: element("code", {}, found[2]), length: found[0].length };
}

function reference(source, at, names) {
  const link = LINK.exec(source.slice(at));
  if (link) return { node: element("span", { class: "mention", title: link[0] }, "#general › message"), length: link[0].length };
  const found = REFERENCE.exec(source.slice(at));
  const sign = found?.[1] === "#" ? "#" : "@";
  return found && { node: element("span", { class: "mention" }, `${sign}${names[found[2]] ?? found[2]}`), length: found[0].length };
}

function marked(source, at, names) {
  for (const [mark, tag] of MARKS) {
    if (!source.startsWith(mark, at) || (mark === "_" && LETTER.test(source[at - 1] ?? ""))) continue;
    const inner = closed(source, at + mark.length, mark);
    if (inner === null) continue;
    const node = element(tag, mark === "||" ? { class: "spoiler" } : {}, ...inline(inner, names));
    return { node, length: inner.length + 2 * mark.length };
  }
  return null;
}

/** The text up to the closing mark; null if there is none, or if a space follows the opening mark. */
function closed(source, start, mark) {
  if (!/\S/u.test(source[start] ?? " ")) return null;
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source.startsWith(mark, at)) {
      const doubled = mark.length === 1 && source[at + 1] === mark;
      if (doubled) at += 1;
      else if (at > start && !(mark === "_" && LETTER.test(source[at + 1] ?? ""))) return source.slice(start, at);
    }
  }
  return null;
}

/** Nodes for a whole message. A mark may span line breaks, up to the next list, heading, quote or small print. */
export function markdown(source, names = {}) {
  const nodes = [];
  let run = [];
  let list = null;
  const flush = () => {
    if (run.length) nodes.push(...paragraph(run.join("\n"), names));
    run = [];
  };
  for (const line of source.split("\n")) {
    const bullet = /^\s*[-*+] (.*)$/u.exec(line);
    const block = bullet ? null : blockOf(line, names);
    if (bullet || block) flush();
    if (bullet) {
      if (!list) nodes.push((list = element("ul")));
      list.append(element("li", {}, ...inline(bullet[1], names)));
      continue;
    }
    list = null;
    if (block) nodes.push(block);
    else run.push(line);
  }
  flush();
  return nodes;
}

function blockOf(line, names) {
  const small = /^-# (.+)$/u.exec(line);
  if (small) return element("div", { class: "small" }, ...inline(small[1], names));
  const heading = /^(#{1,3}) (.+)$/u.exec(line);
  if (heading) return element("div", { class: `heading-${heading[1].length}` }, ...inline(heading[2], names));
  const quote = /^> (.*)$/u.exec(line);
  return quote && element("blockquote", {}, ...inline(quote[1], names));
}

/** Nodes for consecutive lines. An empty line at either end becomes a gap. */
function paragraph(lines, names) {
  const words = lines.replace(/^\n+|\n+$/gu, "");
  const gap = () => element("div", { class: "gap" });
  return [
    lines.startsWith("\n") || !words ? gap() : null,
    words ? element("div", { class: "lines" }, ...inline(words, names)) : null,
    lines.endsWith("\n") && words ? gap() : null,
  ].filter(Boolean);
}

/** The user's message, or the command they `used`. `mine` is what the entry of the message menu passes to the bot. */
export function question(words, { used, quoted, mine, act }) {
  const how = used
    ? [element("b", {}, "You"), " used ", element("span", { class: "used" }, words)]
    : [element("div", { class: "who" }, element("b", {}, "You"), element("time", {}, when())), element("div", {}, words)];
  const explain = used ? null : element("button", { type: "button", class: "answer-it", title: "Apps → Explain this", click: () => act.explain(mine) }, "Explain this");
  const body = element("div", { class: "words" }, quoted ? element("div", { class: "quote" }, quoted) : null, ...how);
  return element("article", { class: used ? "message used-line" : "message mine" }, avatar("Y"), body, explain);
}

function avatar(name, kind = "") {
  return element("span", { class: `avatar ${kind}`, "aria-hidden": "true" }, name[0]);
}

/** The bot's answer. `act.press(button, pane, data, pressed)` handles a button. */
export function answer(data, act) {
  const shown = data.faces.discord;
  const names = data.to ? { [data.to.id]: data.to.name } : {};
  const text = element("div", { class: "text", lang: data.locale, "data-digest": data.digest }, ...markdown(shown.text, names));
  const picture = shown.picture ? element("img", { class: "picture", src: `/picture/${data.digest}.png`, alt: shown.picture }) : null;
  const pinned = data.pinned ? element("p", { class: "pin-mark" }, "Pinned") : null;
  const edited = data.edited ? element("span", { class: "edited" }, "(edited)") : null;
  const head = element("div", { class: "who" }, element("b", {}, bot.name), element("span", { class: "app" }, "APP"), element("time", {}, when(data.at)));
  const dismiss = element("button", { type: "button", class: "dismiss", click: () => message.remove() }, "Dismiss message");
  const note = data.private ? element("p", { class: "private" }, "Only you can see this · ", dismiss) : null;
  const body = element("div", { class: "words" }, pinned, head, text, edited, picture, attached(data), ...buttons("discord", data, act), note);
  const message = element("article", { class: `message${data.private ? " hidden-from-others" : ""}` }, avatar(bot.name, "bot"), body);
  return message;
}
