// The list above the message box: commands after a slash, or explainers that match the text typed so far.
// The text in the box is sent unchanged unless an entry was picked.
import { byId, element } from "./dom.js";

const plain = (words) => words.toLowerCase().replace(/[\s/_'’-]+/gu, "");
const PAUSE = 150; // milliseconds
const MOST = 40;

/** `source.commands()` returns the commands, `source.suggest(text)` a promise of explainers. `pick(choice)` is called
    with the picked entry. */
export function menu(source, pick) {
  const box = byId("say");
  const list = byId("menu");
  let choices = [];
  let active = -1;
  let asked = 0;

  function show(found, first) {
    choices = found;
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    point(found.length ? first : -1);
  }

  function option(choice, number) {
    const made = element("li", { role: "option", id: `option-${number}`, "aria-selected": "false" },
      element("span", { class: "option-name" }, choice.name),
      choice.other ? element("span", { class: "option-other" }, choice.other) : null,
      element("span", { class: "option-words" }, choice.words));
    made.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(number, true);
    });
    return made;
  }

  function point(number) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const chosen = list.children[active];
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function take(number, send) {
    const choice = choices[number];
    hide();
    box.value = choice.value;
    box.focus();
    pick(choice, send && !choice.wants);
  }

  function hide() {
    asked += 1;
    show([], -1);
  }

  function commands(typed) {
    const wanted = plain(typed);
    const found = source.commands().filter((one) => !wanted || [one.name, ...Object.values(one.spelled)].some((name) => plain(name).includes(wanted)));
    found.sort((a, b) => Number(plain(b.name).startsWith(wanted)) - Number(plain(a.name).startsWith(wanted)));
    const exact = found.findIndex((one) => plain(one.name) === wanted);
    show(found.slice(0, MOST).map(command), Math.max(exact, 0));
  }

  function command(one) {
    const wants = one.params.some((param) => param.required);
    const typed = `/${one.name}`;
    const hints = one.params.filter((param) => param.required).map((param) => ` [${param.name}]`).join("");
    return { name: one.spelled.discord + hints, other: one.spelled.telegram, words: one.description, value: wants ? `${typed} ` : typed, wants };
  }

  async function explainers(words, before) {
    asked += 1;
    const mine = asked;
    await new Promise((resolve) => setTimeout(resolve, PAUSE)); // one request for each pause in typing, not each letter
    if (mine !== asked) return;
    const found = await source.suggest(words);
    if (mine !== asked) return;
    show(found.map((one) => ({ name: one.title, words: `/${one.command}`, value: `${before}${before ? one.title : `/${one.command}`}`, wants: false })), -1);
  }

  function typed() {
    const words = box.value;
    const choice = /^\/(\S+) (\S*)$/u.exec(words);
    const choosing = choice && source.commands().find((one) => one.name === choice[1] && one.params[0]?.choices.length);
    const question = /^\/(?:ask|pin|unpin)\s+(.*)$/su.exec(words);
    if (/^\/\S*$/u.test(words)) commands(words);
    else if (choosing) {
      const fitting = choosing.params[0].choices.filter((one) => one.startsWith(choice[2]));
      if (fitting.length === 1 && fitting[0] === choice[2]) hide();
      else show(fitting.map((one) => ({ name: one, words: choosing.description, value: `/${choosing.name} ${one} `, wants: true })), 0);
    } else if (question && question[1].trim().length > 1) explainers(question[1], words.slice(0, words.length - question[1].length));
    else if (!words.startsWith("/") && words.trim().length > 2) explainers(words, "");
    else hide();
  }

  box.addEventListener("input", typed);
  box.addEventListener("blur", hide);
  box.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point((active + step + choices.length + (active < 0 && step < 0 ? 1 : 0)) % choices.length);
    else if (event.key === "Tab" && !event.shiftKey && active >= 0) take(active, false);
    else if (event.key === "Enter" && active >= 0) take(active, true);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
  });
  return { hide };
}
