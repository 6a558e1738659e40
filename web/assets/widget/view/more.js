import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";

/**
 * What a visitor seldom wants: a button, and what it unfolds.
 *
 * @param {() => void} dismiss Hides the chat for good.
 */
export function moreView(dismiss) {
  const id = "more";
  const list = h("div", { id, class: "more-list", hidden: true }, h("button", { type: "button", class: "plain", onclick: dismiss }, say("more.hide")), h("p", {}, say("more.hint")));
  const button = h("button", { type: "button", class: "close", "aria-label": say("more.label"), title: say("more.label"), "aria-expanded": "false", "aria-controls": id }, icon("more"));
  /** @param {boolean} open */
  const unfold = (open) => {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => unfold(list.hidden));
  const node = h("div", { class: "more" }, button, list);
  node.addEventListener("focusout", ({ relatedTarget }) => {
    // A press on the list's own text moves the focus nowhere, and is no reason to fold it.
    if (relatedTarget instanceof Node && !node.contains(relatedTarget)) unfold(false);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    unfold(false);
    button.focus();
  });
  return node;
}
