// The writer's side: every answer with what it rests on, and a preview that follows the file.
import { ask, get } from "./api.js";
import { byId, element } from "./dom.js";
import * as discord from "./discord.js";
import * as telegram from "./telegram.js";

/** A problem with its place, its line as it stands in the file, and what would be right. */
export function problem(one) {
  return element("li", {},
    element("code", { class: "place" }, one.line ? `${one.file}:${one.line}` : one.file), ` ${one.what}. `,
    element("span", { class: "remedy" }, one.remedy),
    one.quote ? element("pre", { class: "quoted" }, one.quote) : null);
}

/** `locale()` is the language shown; `act` is what buttons and commands in the preview do. */
export function desk(locale, act) {
  let picked = null;
  let problems = [];

  function row(sheet) {
    const least = Math.min(...Object.values(sheet.room));
    const room = Object.entries(sheet.room).map(([name, left]) => `${name}: ${left}`).join(", ");
    const wrong = problems.filter((one) => one.file === sheet.file);
    return element("tr", { class: sheet.command === picked ? "picked" : "" },
      element("th", { scope: "row" },
        element("button", { type: "button", class: "sheet", "aria-pressed": String(sheet.command === picked), click: () => pick(sheet.command) }, sheet.title),
        element("code", {}, sheet.file),
        wrong.length ? element("ul", { class: "wrong" }, ...wrong.map(problem)) : null),
      element("td", {}, element("span", { class: `risk risk-${sheet.risk}` }, sheet.risk)),
      element("td", {}, element("details", {}, element("summary", {}, `${sheet.facts.length}`), element("ul", {}, ...sheet.facts.map((fact) => element("li", {}, fact))))),
      element("td", { title: room, class: least < 100 ? "tight" : "" }, `${least}`),
      element("td", { title: `In ${sheet.locale}, the last 30 days` }, `${sheet.ratings.helpful} / ${sheet.ratings.wrong}`),
      element("td", {}, sheet.checked));
  }

  async function refresh(found = problems) {
    problems = found;
    if (byId("content").hidden) return;
    const sheets = await get("/api/content", { locale: locale() }).catch(() => []);
    byId("sheets").replaceChildren(...sheets.map(row));
    if (picked) await preview();
  }

  async function preview() {
    const told = await ask({ text: `/${picked}`, locale: locale() }).catch(() => null);
    if (!told || told.silent) return;
    byId("preview").replaceChildren(
      element("section", { class: "pane discord" }, discord.answer(told, act)),
      element("section", { class: "pane telegram" }, telegram.answer(told, act)));
  }

  async function pick(command) {
    picked = command;
    await refresh();
    if (matchMedia("(max-width: 760px)").matches) byId("preview").scrollIntoView({ block: "start" });
    document.querySelector(".picked .sheet")?.focus({ preventScroll: true }); // the row was drawn anew
  }

  return { refresh };
}
