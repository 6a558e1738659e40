/** @import { Log } from "../types.js" */
import { say } from "../strings.js";
import { h } from "./h.js";

/** What a visitor may ask with one press, as long as nothing was said. */
export class SuggestionsView {
  /**
   * @param {string[]} questions
   * @param {(text: string) => void} ask
   */
  constructor(questions, ask) {
    this.any = questions.length > 0;
    const buttons = questions.map((text) => h("button", { type: "button", class: "suggestion", dir: "auto", onclick: () => ask(text) }, text));
    this.node = h("div", { class: "suggestions", role: "group", "aria-label": say("suggestions.label"), hidden: true }, ...buttons);
  }

  /** @param {Log} log */
  update({ entries, pending, holder, waiting }) {
    this.node.hidden = !this.any || entries.length > 0 || pending.length > 0 || Boolean(holder) || waiting;
  }
}
