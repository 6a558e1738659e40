/** @import {Row, RowPage, Tag, View} from "./types.js" */
import { byId, setText } from "./dom.js";
import { appendPage, applyRow, listFrom, refresh, releaseHeld, removeRow } from "./list_state.js";
import { reconcile } from "./reconcile.js";
import { createRow, updateRow } from "./row_view.js";

/** Under a pointer that moved this recently rows do not move: it is about to click. */
const POINTER_MS = 1_500;

/** The list of conversations at the left. */
export class List {
  #rows = byId("rows");
  #scroll = byId("list-scroll");
  #bar = byId("new-bar");
  #more = byId("load-more", HTMLButtonElement);
  #state;
  #view;
  #any;
  #userId;
  #hrefOf;
  #tagsOf;
  /** Told after each painting, and for each row. @type {{painted: (order: string[]) => void, row: (element: HTMLElement, id: string) => void}} */
  extra = { painted: () => {}, row: () => {} };
  /** @type {string | null} */ #selected = null;
  #pointerAt = -Infinity;
  /** Many rows may change in a second: one painting a frame. */
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #settle;

  /**
   * @param {{page: RowPage, view: View, userId: string, hrefOf: (id: string) => string, tagsOf: (row: Row) => Tag[], more: (cursor: string) => Promise<RowPage | null>}} options
   */
  constructor({ page, view, userId, hrefOf, tagsOf, more }) {
    this.#state = listFrom(page);
    this.#any = page.any ?? page.conversations.length > 0;
    this.#view = view;
    this.#userId = userId;
    this.#hrefOf = hrefOf;
    this.#tagsOf = tagsOf;
    this.#bar.addEventListener("click", () => this.#showHeld());
    this.#more.addEventListener("click", () => this.#loadMore(more));
    this.#scroll.addEventListener("scroll", () => this.#scroll.scrollTop < 4 && this.#release(), { passive: true });
    this.#rows.addEventListener("pointermove", ({ pointerType }) => pointerType === "mouse" && (this.#pointerAt = performance.now()), { passive: true });
    this.#paint();
  }

  /** @param {RowPage} page @param {View} view */
  replace(page, view) {
    this.#view = view;
    this.#any = page.any ?? (this.#any || page.conversations.length > 0);
    this.#state = listFrom(page);
    this.#scroll.scrollTop = 0;
    this.#paint();
  }

  /** After the connection was lost. @param {RowPage} page */
  refresh(page) {
    this.#any = page.any ?? this.#any;
    this.#state = refresh(this.#state, page);
    this.#paint();
  }

  /** @param {Row} row */
  apply(row) {
    this.#any = true;
    const hold = this.#holds();
    this.#state = applyRow(this.#state, row, { view: this.#view, userId: this.#userId, hold, keep: this.#selected });
    if (hold && this.#scroll.scrollTop < 4) this.#settleSoon();
    this.repaint();
  }

  /** @param {string} id */
  remove(id) {
    this.#state = removeRow(this.#state, id);
    this.repaint();
  }

  /** The row goes, and who was in it finds themselves in the next one. @param {string} id */
  removeAndStay(id) {
    const inList = this.#rows.contains(document.activeElement) || document.activeElement === document.body;
    const at = this.ids.indexOf(id);
    this.#state = removeRow(this.#state, id);
    this.#paint();
    if (inList && at >= 0) /** @type {HTMLElement | null} */ (this.#rows.children[Math.min(at, this.ids.length - 1)]?.querySelector("a"))?.focus();
  }

  /** Soon, and once however often it is asked for. */
  repaint() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  /** The ids of the rows, from the top. */
  get ids() {
    return this.#state.rows.map(({ id }) => id);
  }

  /** Whether the server has more than is loaded. */
  get hasMore() {
    return this.#state.next !== null;
  }

  /** @param {string} id */
  row(id) {
    return this.#state.rows.find((row) => row.id === id) ?? null;
  }

  /** @param {string | null} id */
  select(id) {
    this.#selected = id;
    this.#paint();
    if (id) this.#rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** The row after or before the focused or opened one. @param {1 | -1} step */
  move(step) {
    const links = [...this.#rows.querySelectorAll("a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.getAttribute("aria-current"));
    links[Math.min(links.length - 1, Math.max(0, from + step))]?.focus();
  }

  #holds() {
    return this.#scroll.scrollTop >= 4 || performance.now() - this.#pointerAt < POINTER_MS;
  }

  #settleSoon() {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => (this.#holds() ? this.#scroll.scrollTop < 4 && this.#settleSoon() : this.#release()), POINTER_MS);
  }

  #showHeld() {
    this.#release();
    this.#scroll.scrollTop = 0;
  }

  #release() {
    if (!this.#state.held.size) return;
    this.#state = releaseHeld(this.#state);
    this.#paint();
  }

  /** @param {(cursor: string) => Promise<RowPage | null>} more */
  async #loadMore(more) {
    const state = this.#state;
    if (!state.next) return;
    this.#more.disabled = true;
    const page = await more(state.next);
    this.#more.disabled = false;
    if (!page || this.#state.next !== state.next) return;
    this.#state = appendPage(this.#state, page);
    this.#paint();
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { rows, held, next } = this.#state;
    reconcile(this.#rows, rows, {
      key: (row) => row.id,
      create: createRow,
      update: (element, row) => {
        updateRow(element, row, { href: this.#hrefOf(row.id), selected: row.id === this.#selected, tags: this.#tagsOf(row) });
        this.extra.row(element, row.id);
      },
    });
    this.extra.painted(this.ids);
    this.#more.hidden = next === null;
    this.#bar.hidden = !held.size || this.#scroll.scrollTop < 4;
    setText(/** @type {Element} */ (this.#bar.querySelector("span")), `${held.size} new`);
    this.#showEmpty(rows.length === 0 && next === null);
  }

  /** @param {boolean} empty */
  #showEmpty(empty) {
    byId("never-any").hidden = !empty || this.#any;
    byId("none-in-view").hidden = !empty || !this.#any;
    setText(byId("none-in-view-why"), why(this.#view));
    byId("clear-filters").hidden = !this.#view.q && !this.#view.holder && !this.#view.tag;
  }
}

/** @param {View} view */
function why({ q, holder, show, tag }) {
  if (tag) return "No conversation in this view has that tag.";
  if (q) return `No conversation has “${q}” in it${holder ? ", with this filter" : ""}.`;
  if (holder === "waiting") return "Nobody is waiting for a person.";
  if (holder === "mine") return "You have taken over none. Open one and choose Take over.";
  if (holder === "others") return "No colleague has one at the moment.";
  if (holder === "bot") return "The bot has none at the moment.";
  return show === "engaged" ? "There were visits, but nobody wrote. Show all lists them too." : "";
}
