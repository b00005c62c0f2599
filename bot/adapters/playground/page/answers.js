// The view for writers: each answer with its facts, as it looks now, in every language and with every warning.
// The URL names the answer that is shown (#topic/es), so that it can be linked to.
import { ask, get } from "./api.js";
import { byId, chip, element } from "./dom.js";
import * as discord from "./discord.js";
import * as telegram from "./telegram.js";

const FACES = { discord, telegram };
const VIEWS = { preview: "Preview", facts: "Facts", languages: "All languages", levels: "All warnings" };

/** A problem with its place, the line of the file, and the fix. */
export function problem(one) {
  return element("li", {},
    element("code", { class: "place" }, one.line ? `${one.file}:${one.line}` : one.file), ` ${one.what}. `,
    element("span", { class: "remedy" }, one.remedy),
    one.quote ? element("pre", { class: "quoted" }, one.quote) : null);
}

/** A template for the file of a new answer. */
const template = ({ article, first }) => `title: "…?"
summary: "The answer in one line."
body: |
  What follows from it, in plain words: summary and body have 200 to 1,100 characters.

  - **A point**, and what it means.
risk: general        # elevated or high, if a fact below says so
section: …           # the id of a section in source.yaml
facts:               # the ids of all that it states, from source.yaml
  - …
checked: ${new Date().toLocaleDateString("sv")}
revision: "${article}"
aliases: []
questions:           # how people ask for it: found without training
  ${first}:
    - …
see_also: []
`;

/** `locale()` returns the chosen language. `act` handles buttons and commands in the preview. */
export function answers(locale, act) {
  let content = { problems: [] };
  let rows = [];
  let picked;
  let chosen = "preview";

  const link = (command) => `#${command}/${locale()}`;
  const room = ({ rule, discord: there, telegram: here }) => `${rule} of 1,100 left, on Discord ${there}, on Telegram ${here}`;
  const due = (sheet) => sheet.review_by && sheet.review_by < new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10);

  function row(sheet) {
    const wrong = content.problems.filter((one) => one.file === sheet.file);
    const left = Math.min(...Object.values(sheet.room));
    return element("tr", { class: sheet.command === picked ? "picked" : "" },
      element("th", { scope: "row" },
        element("a", { href: link(sheet.command), class: "sheet", "aria-current": sheet.command === picked ? "true" : null }, sheet.title),
        element("code", {}, sheet.file.split("/").at(-1)),
        wrong.length ? element("ul", { class: "wrong" }, ...wrong.map(problem)) : null),
      element("td", {}, element("span", { class: `risk risk-${sheet.risk}` }, sheet.risk)),
      element("td", { title: room(sheet.room), class: left < 50 ? "tight" : "" }, `${left}`),
      element("td", { title: `In ${sheet.locale}, the last 30 days` }, `${sheet.ratings.helpful} / ${sheet.ratings.wrong}`),
      element("td", {}, sheet.checked, due(sheet) ? element("span", { class: "tight" }, ` review by ${sheet.review_by}`) : null));
  }

  async function refresh(data = content) {
    content = data;
    if (byId("content").hidden) return;
    rows = await get("/api/content", { locale: locale() }).catch(() => []);
    byId("sheets").replaceChildren(...rows.map(row));
    if (picked) await show();
  }

  function face(pane, data) {
    return element("section", { class: `pane ${pane}` }, FACES[pane].answer(data, act));
  }

  async function preview() {
    const data = await ask({ text: `/${picked}`, locale: locale() });
    return element("div", { class: "preview" }, face("discord", data), face("telegram", data));
  }

  function facts(whole) {
    const claims = (line) => line.facts.map((one) => element("li", {}, one.claim, " ", element("code", {}, one.id)));
    return element("div", {},
      element("p", { class: "hint" }, "Each fact of the article stands beside the sentence that is most like it."),
      element("table", {},
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "The answer says"), element("th", { scope: "col" }, "The article says"))),
        element("tbody", {}, ...whole.lines.map((line) =>
          element("tr", {}, element("td", {}, line.text), element("td", {}, element("ul", {}, ...claims(line))))))));
  }

  function beside(versions, missing) {
    const cards = Object.entries(versions).map(([name, data]) => element("div", { class: "version" }, element("h4", {}, name), face("discord", data), face("telegram", data)));
    return element("div", {}, missing.length ? element("p", { class: "hint" }, `Not translated yet, and shown in ${content.languages[0].name}: ${missing.join(", ")}.`) : null,
      element("div", { class: "versions" }, ...cards));
  }

  async function body() {
    if (chosen === "preview") return preview();
    const whole = await get(`/api/content/${picked}`, { locale: locale() });
    return chosen === "facts" ? facts(whole) : beside(whole[chosen], chosen === "languages" ? whole.untranslated : []);
  }

  async function show() {
    const sheet = rows.find((one) => one.command === picked);
    if (!sheet) return;
    const made = await body().catch(() => null);
    if (!made) return;
    history.replaceState(null, "", link(picked)); // the language may have changed since
    const tab = ([name, words]) => element("button", { type: "button", "data-view": name, "aria-pressed": String(name === chosen), click: () => turn(name) }, words);
    byId("content").classList.toggle("wide", chosen === "languages" || chosen === "levels");
    byId("sheet").replaceChildren(
      element("a", { href: "#", class: "back" }, "← All answers"),
      element("h3", {}, element("a", { href: link(picked), title: "Link to this answer" }, sheet.title)),
      element("p", { class: "hint" }, element("code", {}, `${content.prefix}${sheet.file}`), ` · from “${sheet.section}” · checked ${sheet.checked}`,
        sheet.review_by ? ` · review by ${sheet.review_by}` : "", ` · characters: ${room(sheet.room)}`),
      element("div", { class: "tabs", role: "group", "aria-label": "What to show of it" }, ...Object.entries(VIEWS).map(tab)),
      made);
  }

  async function turn(name) {
    chosen = name;
    await show();
    byId("sheet").querySelector(`[data-view=${name}]`)?.focus();
  }

  /** Show how to begin a new answer: the file to create, and the line to add. */
  function fresh() {
    pick();
    const text = template(content);
    const copy = chip("Copy", () => navigator.clipboard.writeText(text).then(() => (copy.textContent = "Copied")));
    const step = (...words) => element("li", {}, ...words);
    document.body.classList.add("picked");
    byId("sheet").replaceChildren(
      element("a", { href: "#", class: "back" }, "← All answers"),
      element("h3", {}, "A new answer"),
      element("ol", {},
        step("Save this as ", element("code", {}, `${content.folder}/${content.first}/answers/my-topic.yaml`), ". The file’s name is the command: /my-topic."),
        step("Add ", element("code", {}, "- my-topic"), " under ", element("code", {}, "menu"), " in ", element("code", {}, `${content.folder}/source.yaml`), ", where readers should find it."),
        step("Write. What is not right yet is listed at the top of this page, with its line; once nothing is, the bot answers with it.")),
      element("p", {}, copy),
      element("pre", { class: "begun" }, text));
  }

  function pick(command) {
    picked = command;
    document.body.classList.toggle("picked", Boolean(command));
    for (const one of byId("sheets").children) {
      const current = Boolean(command) && one.querySelector(".sheet").hash === link(command);
      one.classList.toggle("picked", current);
      if (current) one.querySelector(".sheet").setAttribute("aria-current", "true");
      else one.querySelector(".sheet").removeAttribute("aria-current");
    }
  }

  /** Pick the answer that the URL names. Returns whether it names one. */
  function follow() {
    const [, command, tag] = /^#([a-z0-9-]+)\/([A-Za-z-]+)$/u.exec(location.hash) ?? [];
    if ([...byId("locale").options].some((one) => one.value === tag)) byId("locale").value = tag;
    pick(command);
    return Boolean(command);
  }

  byId("new").addEventListener("click", fresh);
  return { refresh, follow };
}
