// The page: one message box feeds both panes, and what the bot tells by itself is shown as it comes.
import { ask, get, hasten, join, listen } from "./api.js";
import { byId, element } from "./dom.js";
import * as discord from "./discord.js";
import * as telegram from "./telegram.js";
import { menu } from "./menu.js";
import { desk, problem } from "./desk.js";
import { room } from "./room.js";

const STARTERS = {
  discord: ["/whatiskusama", "/whatisksm", "/kusama-vs-polkadot", "/kusama-risks", "/topics"],
  telegram: ["Is Kusama a testnet?", "Who keeps Kusama running?", "What is staking on Kusama?", "Should I buy KSM now?"],
};
const RATING = /:(helpful|wrong)$/;
const box = byId("say");
const logs = { discord: byId("discord-log"), telegram: byId("telegram-log") };
let commands = [];
let answers = null; // the message that is replied to
let number = 0;
const said = []; // what was sent, for the arrow keys
let recalled = 0;

const WHERE = {
  direct: ["direct chat", "direct chat"], member: ["#general", "group"], moderator: ["#general", "group"],
  "passer-by": ["a server without the bot; you installed it for yourself", "a group without the bot; you mention it"],
  channel: ["no such place", "channel"],
};
const GUEST = "The bot is a guest: the loudest warning, and nothing of this place is read or stored.";
// What a moderator may want to try, as commands; only those that are offered are shown.
const SHORTCUTS = ["/pin whatisksm", "/pins", "/unpin whatisksm", "/welcome on", "/settings risk high", "/settings risk general", "/settings"];
const TOOLS = ["moderator", "channel"]; // whose tools are shown
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

const locale = () => byId("locale").value;
const role = () => byId("role").value;

const act = {
  press(button, where, rows, pressed) {
    const beside = rows.flat().map((one) => one.id);
    const row = RATING.test(button.id) ? pressed.closest(".row") : null;
    send({ press: button.id, beside, private: where === "discord" }, { button: button.label, where, row });
  },
  reply(told) {
    answers = { message: told.message, text: told.faces.telegram.text };
    byId("reply-text").textContent = `Replying to: ${told.title || told.body}`;
    byId("reply").hidden = false;
    box.focus();
  },
  type(words) {
    box.value = words;
    submit();
  },
};

function put(log, ...nodes) {
  log.querySelector(".welcome")?.remove();
  log.append(...nodes);
  const last = nodes.at(-1);
  log.scrollTop = last.offsetHeight > 0.85 * log.clientHeight ? last.offsetTop - 8 : log.scrollHeight;
}

/** What was asked, in both panes; a press is shown where it happened alone. */
function echo(question, told, quoted) {
  const spelled = told.asked.spelled;
  const rest = told.asked.text ? ` ${told.asked.text}` : "";
  const isCommand = question.text.startsWith("/");
  const words = (name) => (isCommand && spelled[name] ? spelled[name] + rest : question.text);
  put(logs.discord, discord.said(words("discord"), isCommand, quoted));
  put(logs.telegram, telegram.said(words("telegram"), quoted));
}

async function send(question, pressed = null) {
  const quoted = question.answers?.text.split("\n")[0];
  document.body.classList.add("busy");
  try {
    const told = await ask({ ...question, as: role(), locale: locale() });
    number += 1;
    told.message = `m${number}`;
    if (!pressed) echo(question, told, quoted);
    if (told.silent) {
      put(logs.discord, silence());
      put(logs.telegram, silence());
      return;
    }
    if (pressed?.row) {
      thank(pressed.row, told);
      judge(told, pressed);
      return;
    }
    for (const [name, face] of Object.entries({ discord, telegram })) if (!pressed || pressed.where === name) show(name, face, told);
    judge(told, pressed);
  } catch (error) {
    fail(error);
  } finally {
    document.body.classList.remove("busy");
  }
}

/** The answer where it is seen; what only passes over a button, or is not there at all, is a line. */
function show(name, face, told) {
  const seen = told.seen[name];
  const line = seen === "nobody" ? "Discord has no such channels." : seen === "bubble" ? `In a bubble over the button: ${told.body}` : null;
  put(logs[name], line ? element("p", { class: "silence" }, line) : face.answer(told, act));
  if (!line && role() === "passer-by") put(logs[name], element("p", { class: "silence" }, GUEST));
}

/** A rating is answered in its place, under its buttons. */
function thank(row, told) {
  if (row.nextElementSibling?.classList.contains("rated")) row.nextElementSibling.remove();
  row.after(element("p", { class: "rated", role: "status", lang: told.locale }, told.body));
}

const silence = () => element("p", { class: "silence" }, "The bot stays silent.");

function fail(error) {
  const line = byId("judged");
  line.replaceChildren(element("strong", {}, "Not answered: "), error.message);
}

/** How the last question was taken. */
function judge(told, pressed) {
  const line = byId("judged");
  const parts = [element("b", { class: "outcome" }, told.outcome), ["explainer", "page"].includes(told.outcome) ? ` /${told.command}` : ""];
  if (told.match) parts.push(` · score ${told.match.score.toFixed(2)} · ${told.match.why}`);
  if (pressed) parts.push(` · pressed “${pressed.button}” on ${pressed.where === "discord" ? "Discord" : "Telegram"}`);
  parts.push(" · ", element("span", { class: "digest", title: `The same words on both platforms: ${told.digest}` }, `digest ${told.digest.slice(0, 8)}`));
  for (const one of told.match?.nearest ?? []) {
    parts.push(" ", element("button", { type: "button", class: "near", click: () => act.type(`/${one.command}`) }, `${one.title} ${one.score.toFixed(2)}`));
  }
  line.replaceChildren(...parts);
}

async function joined(count, hostile) {
  try {
    await join(count, hostile);
    byId("judged").replaceChildren(element("b", { class: "outcome" }, count === 1 ? "One joined" : `${count} joined`),
      " · greeted 20 s after the last join if welcomes are on, after a raid once it is over; the clock can go faster");
  } catch (error) {
    fail(error);
  }
}

function submit() {
  const text = box.value.trim();
  if (!text) return;
  const question = { text };
  const whom = byId("for").value.trim();
  if (whom) question.for = whom;
  else if (answers) question.answers = answers;
  if (byId("private").checked) question.private = true;
  said.push(text);
  recalled = said.length;
  box.value = "";
  list.hide();
  unreply();
  send(question);
}

function unreply() {
  answers = null;
  byId("reply").hidden = true;
}

const list = menu(
  {
    commands: () => commands,
    suggest: (text) => get("/api/suggest", { text, locale: locale() }).catch(() => []),
  },
  (choice, now) => now && submit(),
);

function welcome() {
  const chips = (words) => element("button", { type: "button", class: "chip", click: () => act.type(words) }, words);
  const card = (title, hint, starters) => element("div", { class: "welcome" },
    element("h3", {}, title), element("p", {}, hint), element("div", { class: "chips" }, ...starters.map(chips)));
  logs.discord.replaceChildren(card("Try a command",
    "It is answered on both sides, exactly as it would be on the platforms, each time with its risk warning.", STARTERS.discord));
  logs.telegram.replaceChildren(card("Or ask in your own words",
    "The bot picks a reviewed answer, or says honestly that it has none.", STARTERS.telegram));
}

async function offered() {
  try {
    commands = await get("/api/commands", { locale: locale(), as: role() });
  } catch (error) {
    fail(error);
  }
  const known = new Set(commands.map((one) => `/${one.name}`));
  const languages = [...byId("locale").options].map((one) => `/settings language ${one.value}`);
  const shortcuts = languages.length > 1 ? [...SHORTCUTS, ...languages] : SHORTCUTS;
  byId("shortcuts").replaceChildren(...shortcuts.filter((words) => known.has(words.split(" ")[0])).map((words) =>
    element("button", { type: "button", class: "near", click: () => act.type(words) }, words)));
}

function played() {
  const [there, here] = WHERE[role()];
  byId("discord-title").querySelector(".where").textContent = there;
  byId("telegram-title").querySelector(".where").textContent = here;
  byId("tools").hidden = !TOOLS.includes(role()) || byId("chat").hidden;
  offered();
}

function told(content) {
  const picked = locale();
  byId("locale").replaceChildren(...content.languages.map((one) => element("option", { value: one.locale, selected: one.locale === picked }, one.name)));
  byId("joins").hidden = !content.joins;
  byId("speed").value = content.speed;
  const count = content.problems.length;
  byId("light").dataset.state = count ? "trouble" : "fine";
  const shared = LOCAL.includes(location.hostname) ? "" : " · open to the network";
  byId("state").textContent = `${count ? "last good revision" : "revision"} ${content.revision}${shared}`;
  byId("count").hidden = count === 0;
  byId("count").textContent = count;
  byId("problems").hidden = count === 0;
  byId("problems-title").textContent = `${count === 1 ? "One problem" : `${count} problems`} in the content. The last good version is being served.`;
  byId("problems-list").replaceChildren(...content.problems.map(problem));
  offered();
  writer.refresh(content.problems);
}

function reached(yes) {
  if (yes) return; // its first event says the rest
  byId("light").dataset.state = "away";
  byId("state").textContent = "the bot is not running; trying again …";
}

function view(name) {
  for (const one of ["chat", "content"]) {
    byId(one).hidden = one !== name;
    byId(`view-${one}`).setAttribute("aria-pressed", String(one === name));
  }
  byId("composer").hidden = name !== "chat";
  byId("tools").hidden = name !== "chat" || !TOOLS.includes(role());
  if (name === "content") writer.refresh();
}

const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function theme() {
  byId("theme").setAttribute("aria-pressed", String(dark()));
}

byId("theme").addEventListener("click", () => {
  const chosen = dark() ? "light" : "dark";
  document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem("theme", chosen);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  theme();
});

const writer = desk(() => locale(), act);
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
box.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const mine = box.value === "" || box.value === said[recalled];
  if (!step || event.defaultPrevented || !mine || recalled + step < 0 || recalled + step > said.length) return;
  event.preventDefault();
  recalled += step;
  box.value = said[recalled] ?? "";
});
byId("reply-off").addEventListener("click", unreply);
byId("locale").addEventListener("change", () => {
  offered();
  writer.refresh();
});
byId("view-chat").addEventListener("click", () => view("chat"));
byId("view-content").addEventListener("click", () => view("content"));
byId("role").addEventListener("change", played);
for (const button of byId("joins").querySelectorAll("button")) {
  button.addEventListener("click", () => joined(Number(button.dataset.count), "hostile" in button.dataset));
}
byId("speed").addEventListener("change", () => hasten(Number(byId("speed").value)).catch(fail));
theme();
welcome();
const posts = room((pane, node) => put(logs[pane], node), act);
listen({ content: told, post: posts.posted, standing: posts.standing }, reached);
box.focus();
