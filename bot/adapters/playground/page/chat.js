// The chats. Each place has its own messages in both panes, including those that the bot posts by itself.
import { ask } from "./api.js";
import { bot, byId, element, when } from "./dom.js";
import { explained } from "./explained.js";
import * as discord from "./discord.js";
import * as telegram from "./telegram.js";

const FACES = { discord, telegram };
const PANES = Object.keys(FACES);

/** The roles to choose from: each one's chat, and the name of that chat on the platforms that have it. */
export const ROLES = {
  direct: { words: "in a direct chat", chat: "direct", discord: "direct message", telegram: "private chat" },
  member: { words: "a member of a group", chat: "playground", discord: "#general", telegram: "group" },
  moderator: { words: "a moderator", chat: "playground", discord: "#general", telegram: "group", moderates: true },
  "passer-by": { words: "elsewhere, bringing the bot along", chat: "elsewhere", discord: "a server without the bot, which you installed",
    telegram: "a group without the bot", note: " The bot is a guest here: it shows the loudest warning, and reads and stores nothing of this place." },
  forum: { words: "opening a forum post", chat: "forum", discord: "forum: type a title" },
  channel: { words: "posting in a Telegram channel", chat: "channel", telegram: "channel", moderates: true },
};

const has = (chat, pane) => Object.values(ROLES).some((one) => one.chat === chat && one[pane]);

function empty(chat, pane) {
  const name = pane === "discord" ? "Discord" : "Telegram";
  return has(chat, pane) ? `Here you see the chat as ${name} shows it.` : `${name} has no such place.`;
}

/** `role()` and `locale()` return the chosen ones. `act` handles buttons and commands in messages. */
export function chats(role, locale, act) {
  const logs = Object.fromEntries([...new Set(Object.values(ROLES).map((one) => one.chat))].map((chat) => [chat, {}]));
  for (const [chat, panes] of Object.entries(logs)) {
    for (const pane of PANES) byId(`${pane}-log`).append((panes[pane] = element("div", { class: "chat", "data-chat": chat, "data-empty": empty(chat, pane), hidden: true })));
  }
  const posts = new Map(); // the messages that the bot posted by itself, by id: the data, and a node for each pane
  let number = 0;

  function show() {
    const here = ROLES[role()];
    for (const pane of PANES) {
      for (const chat of byId(`${pane}-log`).children) chat.hidden = chat.dataset.chat !== here.chat;
      byId(`${pane}-title`).querySelector(".where").textContent = here[pane] ?? "";
      byId(`${pane}-log`).scrollTop = byId(`${pane}-log`).scrollHeight;
    }
    byId("intro").hidden = PANES.some((pane) => logs[here.chat][pane].hasChildNodes());
    pins();
  }

  function put(chat, pane, node) {
    logs[chat][pane].append(node);
    if (chat !== ROLES[role()].chat) return;
    byId("intro").hidden = true;
    const log = byId(`${pane}-log`);
    log.scrollTop = node.offsetHeight > 0.85 * log.clientHeight ? node.offsetTop - 8 : log.scrollHeight;
  }

  /** Show the question as the platform does. On Discord, a command is no message, and has its own options. */
  function echo(chat, pane, question, asked) {
    const command = question.text.startsWith("/") && asked.spelled[pane];
    const options = [question.for && `for: @${question.for}`, question.private && "private: True", question.file && "file: settings.yaml"].filter(Boolean);
    const words = question.explains ? "Explain this" : command ? [command, asked.text, ...options].filter(Boolean).join(" ") : question.text;
    number += 1;
    const mine = { message: `m${number}`, text: question.text, chat };
    put(chat, pane, FACES[pane].question(words, { used: command || question.explains, quoted: question.answers?.text, mine, act }));
  }

  /** Send a question, and show it with its answer in the panes `wherever`. A press of a button is not shown, and has
      `pressed`: whether it `rates`, the button's row, the title of its message, and `old`, the message if the answer may
      replace it. */
  async function send(question, wherever = PANES, pressed = null) {
    const { chat, note, ...here } = ROLES[role()];
    const panes = wherever.filter((pane) => here[pane]);
    const { explains, ...wanted } = question;
    document.body.classList.add("busy");
    try {
      const data = await ask({ ...wanted, as: role(), locale: locale() });
      if (!pressed) for (const pane of panes) echo(chat, pane, question, data.asked);
      if (data.silent) for (const pane of panes) put(chat, pane, element("p", { class: "silence" }, data.silent));
      else if (pressed?.rates) thank(pressed.row, data);
      else for (const pane of panes) {
        const node = shown(pane, data, quoted(chat, question, pressed));
        if (pressed?.old && data.command === "topics") pressed.old.replaceWith(node);
        else put(chat, pane, node);
      }
      byId("judged").replaceChildren(...(data.silent ? [] : explained(data, panes, note, act)));
    } catch (error) {
      fail(error);
    } finally {
      document.body.classList.remove("busy");
    }
  }

  /** The node for an answer. A bubble over a button becomes a line of text. */
  function shown(pane, data, quoted) {
    const bubble = data.seen[pane] === "bubble";
    return bubble ? element("p", { class: "silence" }, `In a bubble over the button: ${data.body}`) : FACES[pane].answer({ ...data, quoted }, act);
  }

  /** What an answer replies to. In a group on Telegram, that is the message it is about, or else the question. */
  function quoted(chat, question, pressed) {
    if (chat === "direct" || chat === "elsewhere") return null;
    return { who: pressed ? bot.name : "You", words: pressed ? pressed.title : question.answers?.text ?? question.text };
  }

  /** Show the answer to a rating below its buttons. */
  function thank(row, data) {
    if (row.nextElementSibling?.classList.contains("rated")) row.nextElementSibling.remove();
    row.after(element("p", { class: "rated", role: "status", lang: data.locale }, data.body));
  }

  /** Show a message that the bot posted by itself or changed. */
  function posted(data) {
    const before = posts.get(data.message);
    const nodes = Object.fromEntries(PANES.map((pane) => [pane, FACES[pane].answer(data, act)]));
    for (const [pane, node] of Object.entries(nodes)) {
      node.classList.add("post");
      node.classList.toggle("pinned", data.pinned);
      if (before) before.nodes[pane].replaceWith(node);
      else if (has(data.where, pane) && (!data.seen || data.seen[pane])) put(data.where, pane, node);
    }
    posts.set(data.message, { data, nodes });
    if (before && before.data.edited !== data.edited) edited(data);
    pins();
  }

  function edited(data) {
    byId("judged").replaceChildren(`The bot edited its ${data.pinned ? "pinned message" : "message"} “${data.title}” in place, on both platforms.`);
    for (const pane of PANES) {
      byId(`${pane}-pins`).classList.remove("flash");
      requestAnimationFrame(() => byId(`${pane}-pins`).classList.add("flash"));
    }
  }

  /** Remove all of the bot's posts but these. */
  function standing({ messages }) {
    for (const [message, { nodes }] of posts) {
      if (messages.includes(message)) continue;
      for (const node of Object.values(nodes)) node.remove();
      posts.delete(message);
    }
    pins();
  }

  /** Show the newest pin above the messages. Each press scrolls to the pin and goes on to the one before. */
  function pins() {
    const here = ROLES[role()];
    const pinned = [...posts.values()].filter((one) => one.data.pinned && one.data.where === here.chat);
    for (const pane of PANES) {
      const bar = byId(`${pane}-pins`);
      bar.hidden = !pinned.length || !here[pane];
      if (bar.hidden) continue;
      let next = pinned.length - 1;
      const title = () => {
        const { data } = pinned[next];
        const changed = data.edited ? ` · edited ${when(data.edited)}` : "";
        bar.replaceChildren(element("b", {}, pinned.length > 1 ? `${pinned.length} pinned messages` : "Pinned message"), element("span", {}, `${data.title}${changed}`));
      };
      bar.onclick = () => {
        pinned[next].nodes[pane].scrollIntoView({ block: "start" });
        next = (next || pinned.length) - 1;
        title();
      };
      title();
    }
  }

  return { show, send, posted, standing };
}

export function fail(error) {
  byId("judged").replaceChildren(element("strong", {}, "Not answered: "), error.message);
}
