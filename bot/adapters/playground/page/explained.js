// The line below the chat that says why the bot answered as it did. "details" shows the numbers.
import { chip, element } from "./dom.js";

const BY_OUTCOME = {
  explainer: (data) => `“${data.title}” is the reviewed answer to that.`,
  suggest: () => "Several answers are near and none is sure, so the bot lets you choose.",
  none: () => "No reviewed answer fits, so the bot says so and does not guess.",
  advice: () => "That asks for advice. The bot gives none, and leads to the risks instead.",
  price: () => "That asks about a price. The bot quotes and predicts none, and leads to the risks instead.",
  scam: () => "That reads like a scam, so the bot warns of it.",
  about: () => "That asks about the bot itself, which has a page for it.",
  risk: () => "That asks for the disclaimer: the whole risk statement.",
  notice: () => "A word about the bot itself. It says nothing of the subject, so it carries no warning.",
};

/** Nodes that explain the answer shown in these panes, with a note on the place. `act.type(words)` sends words. */
export function explained(data, panes, note = "", act) {
  const why = (BY_OUTCOME[data.outcome] ?? (() => "One of the bot’s own pages."))(data);
  const alone = panes.length > 1 ? "" : panes[0] === "telegram" ? " On Telegram only." : " On Discord only.";
  const match = data.match ?? { nearest: [] };
  const facts = [
    ["Outcome", `${data.outcome}${data.command ? ` · /${data.command}` : ""}`],
    data.match && ["Certainty", `${match.score.toFixed(2)} of 1, by ${match.why}`],
    ["Digest", `${data.digest}: the same words on both platforms`],
  ];
  const near = match.nearest.map((one) => chip(`${one.title} ${one.score.toFixed(2)}`, () => act.type(`/${one.command}`)));
  return [
    element("span", { class: "why", "data-outcome": data.outcome }, why + alone + note),
    element("details", {}, element("summary", {}, "details"),
      ...facts.filter(Boolean).map(([name, words]) => element("p", {}, element("b", {}, `${name} `), words)),
      near.length ? element("p", {}, element("b", {}, "Nearest answers "), ...near) : null),
  ];
}
