// Builds the elements of the page. Strings become text nodes, never markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes, event listeners, and children that are elements or strings. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The time of day at a Unix time in seconds, by default now. */
export const when = (seconds = Date.now() / 1000) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** The bot's name, which comes with the content. */
export const bot = { name: "Bot" };

/** The rows of buttons below an answer. */
export const buttons = (pane, data, act) => data.faces[pane].buttons.map((row) =>
  element("div", { class: "row" }, ...row.map((one) =>
    element("button", { type: "button", "data-id": one.id, title: one.label, click: (event) => act.press(one, pane, data, event.currentTarget) }, one.label))));

/** The file attached to an answer, if there is one. */
export const attached = ({ file }) => file && element("details", { class: "file" },
  element("summary", {}, element("a", { download: file.name, href: `data:application/yaml;charset=utf-8,${encodeURIComponent(file.text)}` }, file.name)),
  element("pre", {}, file.text));

/** A small button. */
export const chip = (words, click) => element("button", { type: "button", class: "near", click }, words);
