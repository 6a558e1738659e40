/** @import { Source } from "../types.js" */
import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";
import { link } from "./link.js";

/**
 * The numbered chips below an answer. One source at a time opens in place, from its chip or from its `[1]` in the text.
 *
 * @param {Source[]} sources
 * @returns {import("../../shared/rich_text.js").Cited & { node: HTMLElement }}
 */
export function sourceChips(sources) {
  let shown = 0;
  const detail = h("div", { class: "source", hidden: true });
  const name = (/** @type {number} */ number) => say("sources.open", { number, title: sources[number - 1]?.title ?? "" });
  const chips = sources.map(({ title }, index) =>
    h(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-expanded": "false",
        "aria-label": name(index + 1),
        onclick: () => toggle(index + 1),
      },
      h("span", { class: "number" }, String(index + 1)),
      " ",
      h("span", { class: "title", dir: "auto" }, title),
    ),
  );

  /** @param {number} number */
  function toggle(number) {
    shown = shown === number ? 0 : number;
    chips.forEach((chip, index) => chip.setAttribute("aria-expanded", String(index + 1 === shown)));
    const source = sources[shown - 1];
    detail.hidden = !source;
    if (!source) return;
    detail.replaceChildren(...contents(source));
    // Who came from the text goes on from here.
    chips[shown - 1]?.focus({ preventScroll: true });
    detail.scrollIntoView({ block: "nearest" });
  }

  return { node: h("div", { class: "sources", role: "group", "aria-label": say("sources.label") }, ...chips, detail), name, toggle };
}

/** @param {Source} source */
function contents({ title, snippet, url }) {
  return [
    h("p", { class: "source-title", dir: "auto" }, title),
    h("p", { dir: "auto" }, snippet),
    ...(url ? [link(url, say("sources.read"), icon("out"))] : []),
  ];
}
