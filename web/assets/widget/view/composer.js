import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";

const MOST_LINES = 5;
const LONGEST = 8_000;

/**
 * Where the visitor writes. Enter sends, Shift and Enter breaks the line; an unsent draft is the caller's to keep.
 *
 * No `maxlength`: it would cut a pasted text short without a word.
 */
export class ComposerView {
  /**
   * @param {object} on
   * @param {(text: string) => void} on.send
   * @param {(text: string) => void} on.input
   */
  constructor(on) {
    this.on = on;
    this.text = h("textarea", {
      rows: 1,
      enterkeyhint: "send",
      placeholder: say("composer.hint"),
      "aria-label": say("composer.label"),
      oninput: () => this.#changed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.button = h("button", { type: "submit", class: "send", disabled: true, "aria-label": say("composer.send"), title: say("composer.send") }, icon("send"));
    this.problem = h("p", { class: "problem", role: "alert" });
    this.node = h(
      "form",
      { class: "composer", onsubmit: (/** @type {Event} */ event) => this.#send(event) },
      this.text,
      this.button,
      this.problem,
    );
  }

  /** @param {string} text */
  fill(text) {
    this.text.value = text;
    this.fit();
  }

  focus() {
    this.text.focus({ preventScroll: true });
  }

  #changed() {
    this.fit();
    this.on.input(this.text.value);
  }

  /** As many lines as the text has, by measuring, where it is shown: `rows` needs no inline style. */
  fit() {
    const { length } = Array.from(this.text.value.trim());
    // Without text it is the hint that is read, the way of the language.
    this.text.dir = this.text.value ? "auto" : "";
    this.problem.textContent = length > LONGEST ? say("composer.long", { count: length - LONGEST, most: LONGEST }) : "";
    this.button.disabled = !length || length > LONGEST;
    this.text.rows = 1;
    if (!this.text.value) return;
    const { lineHeight, paddingBlockStart, paddingBlockEnd } = getComputedStyle(this.text);
    const lines = (this.text.scrollHeight - parseFloat(paddingBlockStart) - parseFloat(paddingBlockEnd)) / parseFloat(lineHeight);
    this.text.rows = Math.min(MOST_LINES, Math.max(1, Math.round(lines) || 1));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#send(event);
  }

  /** @param {Event} event */
  #send(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (this.button.disabled) return;
    this.fill("");
    this.focus();
    this.on.send(text);
  }
}
