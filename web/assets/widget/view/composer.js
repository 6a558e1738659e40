import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";

const MOST_LINES = 5;
const LONGEST = 8_000;

/** Where the visitor writes. Enter sends, Shift and Enter breaks the line; an unsent draft is the caller's to keep. */
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
      maxlength: LONGEST,
      dir: "auto",
      enterkeyhint: "send",
      placeholder: say("composer.hint"),
      "aria-label": say("composer.label"),
      oninput: () => this.#changed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.button = h("button", { type: "submit", class: "send", disabled: true, "aria-label": say("composer.send"), title: say("composer.send") }, icon("send"));
    this.node = h("form", { class: "composer", onsubmit: (/** @type {Event} */ event) => this.#send(event) }, this.text, this.button);
  }

  /** @param {string} text */
  fill(text) {
    this.text.value = text.slice(0, LONGEST);
    this.#fit();
  }

  focus() {
    this.text.focus({ preventScroll: true });
  }

  #changed() {
    this.#fit();
    this.on.input(this.text.value);
  }

  /** As many lines as the text has, by measuring: `rows` needs no inline style. */
  #fit() {
    this.button.disabled = !this.text.value.trim();
    this.text.rows = 1;
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
    if (!text) return;
    this.fill("");
    this.focus();
    this.on.send(text);
  }
}
