import { byId } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";
import { NewBar } from "./new_bar.js";
import { PointerHold } from "./pointer_hold.js";

/**
 * @template Row, Page
 * @typedef {object} PaneOptions
 * @property {string} what the rows are, in the plural
 * @property {() => {rows: readonly Row[], held: number, next: string | null}} state `held` rows wait above; `next` is the cursor of what the server has below
 * @property {() => HTMLElement} create
 * @property {(element: HTMLElement, row: Row, selected: boolean) => void} update
 * @property {() => void} painted
 * @property {() => void} release rows may move again
 * @property {(cursor: string) => Promise<Page | null>} more
 * @property {(page: Page) => void} append
 */

/**
 * The list at the left of a thread, whatever its rows are: which of them is opened, when they may move, what waits
 * above them and what there is below.
 *
 * @template {{id: string}} Row
 * @template Page
 */
export class RowsPane {
  #rows = byId("rows");
  #scroll = byId("list-scroll");
  #more = byId("load-more", HTMLButtonElement);
  #hold;
  #bar;
  #options;
  /** The id of the opened row. @type {string | null} */
  selected = null;
  /** Many rows may change in a second: one painting a frame. */
  #frame = 0;

  /** @param {PaneOptions<Row, Page>} options */
  constructor(options) {
    this.#options = options;
    this.#hold = new PointerHold(this.#rows, this.#scroll, options.release);
    this.#bar = new NewBar(options.what, () => {
      options.release();
      this.toTop();
    });
    this.#more.addEventListener("click", () => this.#loadMore());
  }

  /** Whether rows must not move now. */
  get holds() {
    return this.#hold.holds;
  }

  /** @param {string | null} id */
  select(id) {
    this.selected = id;
    this.paint();
    if (id) this.#rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** To the row after or before the focused or opened one. @param {1 | -1} step */
  move(step) {
    const links = [...this.#rows.querySelectorAll("a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.getAttribute("aria-current"));
    links[Math.min(links.length - 1, Math.max(0, from + step))]?.focus();
  }

  /** Whether somebody is in the list, or nowhere else. */
  get hasFocus() {
    return this.#rows.contains(document.activeElement) || document.activeElement === document.body;
  }

  /** The row at this place, or the last one. @param {number} at from 0 */
  focus(at) {
    const row = this.#rows.children[Math.min(at, this.#rows.children.length - 1)];
    row?.querySelector("a")?.focus();
  }

  toTop() {
    this.#scroll.scrollTop = 0;
  }

  /** Soon, and once however often it is asked for. */
  repaint() {
    this.#frame ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { state, create, update, painted } = this.#options;
    const { rows, held, next } = state();
    reconcile(this.#rows, rows, { key: ({ id }) => id, create, update: (element, row) => update(element, row, row.id === this.selected) });
    this.#more.hidden = next === null;
    this.#bar.show(held);
    painted();
  }

  async #loadMore() {
    const { state, more, append } = this.#options;
    const { next } = state();
    if (!next) return;
    this.#more.disabled = true;
    this.#more.setAttribute("aria-busy", "true");
    const page = await more(next);
    this.#more.disabled = false;
    this.#more.removeAttribute("aria-busy");
    if (page && state().next === next) append(page);
  }
}
