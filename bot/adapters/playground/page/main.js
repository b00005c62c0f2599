// Connects the parts of the page. One message box is for both panes; the bot's own events are shown as they arrive.
import { get, hasten, join, listen } from "./api.js";
import { answers, problem } from "./answers.js";
import { chats, fail, ROLES } from "./chat.js";
import { bot, byId, chip, element } from "./dom.js";
import { menu } from "./menu.js";

// Commands for a moderator to try, if the bot offers them. … stands for a topic.
const SHORTCUTS = {
  pins: ["/pin …", "/pins", "/unpin …"],
  greetings: ["/welcome on", "/welcome preview", "/welcome off"],
  settings: ["/settings", "/settings risk high", "/settings risk general", "/settings export"],
};
const RATING = /:(helpful|wrong)$/;
const PAGE = /:topics:/;
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
const box = byId("say");
let commands = [];
let topic = ""; // an explainer to try
let answered = null; // the message that the next one replies to
const sentTexts = []; // the texts sent before, for the arrow keys
let recalled = 0;

const locale = () => byId("locale").value;
const role = () => byId("role").value;

const act = {
  press(button, pane, data, pressed) {
    const beside = data.faces[pane].buttons.flat().map((one) => one.id);
    const question = { press: button.id, beside, private: pane === "discord" };
    const turns = PAGE.test(button.id) && (role() === "direct" || data.seen?.[pane] === "alone");
    room.send(question, [pane], { rates: RATING.test(button.id), row: pressed.closest(".row"), title: data.title || data.body, old: turns && pressed.closest("article") });
  },
  reply(message) {
    answered = { message: message.message, text: message.text };
    byId("reply-text").textContent = `Replying on Telegram to: ${message.text}`;
    byId("reply").hidden = false;
    box.focus();
  },
  explain: ({ message, text }) => room.send({ text: "/explain", explains: true, answers: { message, text } }, ["discord"]),
  type(words) {
    view("chat");
    box.value = words;
    submit();
  },
};
const room = chats(role, locale, act);
const writer = answers(locale, act);

async function joined(count, hostile) {
  try {
    await join(count, hostile);
    byId("judged").replaceChildren(element("b", {}, count === 1 ? "One joined" : `${count} joined`),
      " · greeted 20 s after the last join if welcomes are on, after a raid once it is over; the clock can go faster");
  } catch (error) {
    fail(error);
  }
}

/** Send what is in the box. Replies go to Telegram only; an answer that is private or for a member, to Discord only. */
function submit() {
  const text = box.value.trim();
  if (!text) return;
  const [whom, hidden] = [byId("for").value.trim(), byId("private").checked];
  const question = { text };
  if (answered) question.answers = answered;
  else {
    if (whom) question.for = whom;
    if (hidden) question.private = true;
  }
  sentTexts.push(text);
  recalled = sentTexts.length;
  box.value = "";
  list.hide();
  room.send(question, answered ? ["telegram"] : whom || hidden ? ["discord"] : undefined);
  unreply();
}

function unreply() {
  answered = null;
  byId("reply").hidden = true;
}

const list = menu(
  {
    commands: () => commands,
    suggest: (text) => get("/api/suggest", { text, locale: locale() }).catch(() => []),
  },
  (choice, now) => now && submit(),
);

const command = (words) => chip(words, () => act.type(words));

async function offered() {
  try {
    commands = await get("/api/commands", { locale: locale(), as: role() });
  } catch (error) {
    fail(error);
  }
  const known = new Set(commands.map((one) => `/${one.name}`));
  for (const group of document.querySelectorAll(".shortcuts")) {
    const shown = SHORTCUTS[group.dataset.group].filter((words) => known.has(words.split(" ")[0]));
    group.replaceChildren(...shown.map((words) => command(words.replace("…", topic))));
  }
  if (known.has("/settings")) byId("tools").querySelector("[data-group=settings]").append(languages());
}

function languages() {
  const options = [...byId("locale").options].map((one) => element("option", { value: one.value }, one.text));
  const choice = element("select", { "aria-label": "Language of the group", change: () => act.type(`/settings language ${choice.value}`) },
    element("option", { value: "", selected: true, disabled: true }, "language …"), ...options);
  return choice;
}

function played() {
  room.show();
  byId("tools").hidden = !ROLES[role()].moderates;
  byId("tools").open = true;
  offered();
}

/** Show the bot's name and subject, which come with the content. */
function introduce({ words, examples }) {
  for (const [id, text] of Object.entries(words)) byId(id).textContent = text;
  document.title = bot.name = words.name;
  topic = examples[0][0].slice(1);
  byId("starters").replaceChildren(...examples.map(([text, what]) => element("li", {}, command(text), element("small", {}, what))));
}

function update(content) {
  introduce(content);
  const picked = locale();
  byId("locale").replaceChildren(...content.languages.map((one) => element("option", { value: one.locale, selected: one.locale === picked }, one.name)));
  byId("joins").hidden = !content.joins;
  byId("speed").value = content.speed;
  writer.follow();
  const count = content.count;
  byId("light").dataset.state = count ? "trouble" : "fine";
  const shared = LOCAL.includes(location.hostname) ? "" : " · open to the network";
  byId("state").textContent = `${count ? "last good revision" : "revision"} ${content.revision}${shared}`;
  byId("count").hidden = count === 0;
  byId("count").textContent = count;
  byId("problems").hidden = count === 0;
  byId("problems-title").textContent = `${count === 1 ? "One problem" : `${count} problems`} in the content. The last good version is being served.`;
  byId("problems-list").replaceChildren(...content.problems.map(problem));
  offered();
  writer.refresh(content);
}

/** The connection is lost; the first event after it updates what is shown. */
function lost() {
  byId("light").dataset.state = "away";
  byId("state").textContent = "the bot is not running; trying again …";
}

function view(name) {
  for (const one of ["chat", "content"]) {
    byId(one).hidden = one !== name;
    byId(`view-${one}`).setAttribute("aria-pressed", String(one === name));
  }
  byId("composer").hidden = byId("who").hidden = name !== "chat";
  document.body.dataset.view = name;
  if (name === "content") writer.refresh();
}

/** Show one pane at a time where both do not fit. */
function pane(name) {
  document.body.dataset.pane = name;
  for (const button of document.querySelectorAll(".which button")) button.setAttribute("aria-pressed", String(button.dataset.pane === name));
  room.show();
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
    // Storage is off, so the choice lasts until the page is closed.
  }
  theme();
});
byId("narrow").addEventListener("click", () => {
  const narrow = document.body.classList.toggle("narrow");
  byId("narrow").setAttribute("aria-pressed", String(narrow));
});
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
box.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const mine = box.value === "" || box.value === sentTexts[recalled];
  if (!step || event.defaultPrevented || !mine || recalled + step < 0 || recalled + step > sentTexts.length) return;
  event.preventDefault();
  recalled += step;
  box.value = sentTexts[recalled] ?? "";
});
byId("import").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) room.send({ text: "/settings import", file: await file.text() });
  target.value = "";
});
byId("reply-off").addEventListener("click", unreply);
byId("locale").addEventListener("change", () => {
  offered();
  writer.refresh();
});
for (const button of document.querySelectorAll(".which button")) button.addEventListener("click", () => pane(button.dataset.pane));
byId("view-chat").addEventListener("click", () => view("chat"));
byId("view-content").addEventListener("click", () => view("content"));
byId("role").append(...Object.entries(ROLES).map(([value, { words }]) => element("option", { value }, words)));
byId("role").addEventListener("change", played);
for (const button of byId("joins").querySelectorAll("button")) {
  button.addEventListener("click", () => joined(Number(button.dataset.count), "hostile" in button.dataset));
}
byId("speed").addEventListener("change", () => hasten(Number(byId("speed").value)).catch(fail));
addEventListener("hashchange", () => {
  if (writer.follow() || !byId("content").hidden) view("content");
});
theme();
played();
listen({ content: update, post: room.posted, standing: room.standing }, lost);
if (writer.follow()) view("content");
else box.focus();
