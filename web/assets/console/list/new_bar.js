import { figure } from "../figures/figures.js";
import { announce } from "../parts/announce.js";
import { byId, setText } from "../parts/dom.js";

/** The bar over a list that says how many rows wait above; said aloud once, not at every change. */
export class NewBar {
  #bar = byId("new-bar");
  #what;

  /** @param {string} what they are, in the plural @param {() => void} onShow */
  constructor(what, onShow) {
    this.#what = what;
    this.#bar.addEventListener("click", onShow);
  }

  /** @param {number} count */
  show(count) {
    if (count && this.#bar.hidden) announce(`New ${this.#what} at the top of the list.`);
    this.#bar.hidden = !count;
    setText(/** @type {Element} */ (this.#bar.querySelector("span")), `${figure(count)} new`);
  }
}
