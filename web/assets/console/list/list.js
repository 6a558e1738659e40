/** @import {Lead, Row, RowPage, Tag, View} from "../types.js" */
import { leadName } from "../details/called.js";
import { byId, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";
import { NewBar } from "./new_bar.js";
import { longestWaiting, showNextUp } from "./next_up.js";
import { PointerHold } from "./pointer_hold.js";
import { createRow, updateRow } from "./row_view.js";
import { appendPage, applyRow, goRow, isUnread, listFrom, missedIn, newestWritten, refresh, releaseHeld, removeRow, stayRows } from "./state.js";

/**
 * @typedef {object} ListOptions
 * @property {RowPage} page
 * @property {View} view
 * @property {string} userId
 * @property {(id: string) => string} hrefOf
 * @property {(row: Row) => Tag[]} tagsOf
 * @property {(row: Row) => Row} newest what is known of it beyond that
 * @property {(cursor: string) => Promise<RowPage | null>} more
 */

/** The list of conversations at the left. */
export class List {
  #rows = byId("rows");
  #scroll = byId("list-scroll");
  #more = byId("load-more", HTMLButtonElement);
  #hold = new PointerHold(this.#rows, this.#scroll, () => this.#release());
  #bar = new NewBar("conversations", () => this.#showHeld());
  #state;
  #view;
  #any;
  #userId;
  #seenUpto;
  #hrefOf;
  #tagsOf;
  #newest;
  /** Told after each painting, and for each row. @type {{painted: (order: string[]) => void, row: (element: HTMLElement, id: string) => void}} */
  extra = { painted: () => {}, row: () => {} };
  /** @type {string | null} */ #selected = null;
  /** Many rows may change in a second: one painting a frame. */
  #frame = 0;

  /** @param {ListOptions} options */
  constructor({ page, view, userId, hrefOf, tagsOf, newest, more }) {
    this.#state = listFrom(page, view.holder);
    this.#any = page.any ?? page.conversations.length > 0;
    this.#view = view;
    this.#userId = userId;
    this.#seenUpto = page.seen_upto ?? "";
    this.#hrefOf = hrefOf;
    this.#tagsOf = tagsOf;
    this.#newest = newest;
    this.#more.addEventListener("click", () => this.#loadMore(more));
    this.#paint();
  }

  /** @param {RowPage} page @param {View} view */
  replace(page, view) {
    this.#view = view;
    this.#any = page.any ?? (this.#any || page.conversations.length > 0);
    this.#state = listFrom(page, view.holder);
    this.#seenUpto = page.seen_upto ?? "";
    this.#scroll.scrollTop = 0;
    this.#paint();
  }

  /** After the connection was lost; gives how many entries were missed. @param {RowPage} page */
  refresh(page) {
    const missed = missedIn(this.#state, page);
    this.#any = page.any ?? this.#any;
    this.#seenUpto = page.seen_upto ?? "";
    this.#state = refresh(this.#state, page, this.#how);
    this.#paint();
    return missed;
  }

  /** @param {Row} row */
  apply(row) {
    this.#any = true;
    this.#state = applyRow(this.#state, this.#newest(row), this.#how);
    this.repaint();
  }

  /** All that is here counts as read, and so it looks at once; gives what undoes that when it was refused. */
  readAll() {
    const before = this.#seenUpto;
    const now = newestWritten(this.#state);
    if (now > before) this.seenUpto(now);
    return () => {
      if (this.#seenUpto === now) this.seenUpto(before);
    };
  }

  /** @param {string} upto as the server has it */
  seenUpto(upto) {
    this.#seenUpto = upto;
    this.#paint();
  }

  /** A lead came: rows that no conversation in memory tells of are called by it too. @param {Lead} lead */
  named(lead) {
    const row = this.#state.held.get(lead.conversation_id) ?? this.row(lead.conversation_id);
    if (row) this.apply({ ...row, has_lead: true, lead_name: leadName(lead) });
  }

  /** Its tags are others: it may have left the view, or belong to it. @param {string} id */
  tagged(id) {
    const row = this.#state.held.get(id) ?? this.row(id);
    if (row) this.apply(row);
  }

  /** Somebody deleted it. @param {string} id */
  remove(id) {
    this.#state = goRow(this.#state, id, this.#hold.holds);
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

  /** Rows that are being deleted look it at once; gives what undoes that when it was refused. @param {readonly string[]} ids */
  going(ids) {
    this.#state = ids.reduce((state, id) => goRow(state, id, true), this.#state);
    this.#paint();
    return () => {
      this.#state = stayRows(this.#state, ids);
      this.#paint();
    };
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

  /** @returns {import("./state.js").How} */
  get #how() {
    return { view: this.#view, userId: this.#userId, hold: this.#hold.holds, keep: this.#selected };
  }

  #showHeld() {
    this.#release();
    this.#scroll.scrollTop = 0;
  }

  #release() {
    if (!this.#state.held.size && !this.#state.leaving.size) return;
    this.#state = releaseHeld(this.#state);
    this.#paint();
  }

  /** @param {(cursor: string) => Promise<RowPage | null>} more */
  async #loadMore(more) {
    const state = this.#state;
    if (!state.next) return;
    this.#more.disabled = true;
    this.#more.setAttribute("aria-busy", "true");
    const page = await more(state.next);
    this.#more.disabled = false;
    this.#more.removeAttribute("aria-busy");
    if (!page || this.#state.next !== state.next) return;
    this.#state = appendPage(this.#state, page);
    this.#paint();
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { rows, held, leaving, next } = this.#state;
    reconcile(this.#rows, rows, {
      key: (row) => row.id,
      create: createRow,
      update: (element, row) => {
        const selected = row.id === this.#selected;
        // What is opened is being read: its mark follows in a moment.
        const unread = isUnread(row, this.#userId, this.#seenUpto) && !(selected && document.visibilityState === "visible");
        updateRow(element, row, { href: this.#hrefOf(row.id), selected, unread, leaving: leaving.has(row.id), tags: this.#tagsOf(row) });
        this.extra.row(element, row.id);
      },
    });
    this.extra.painted(this.ids);
    this.#more.hidden = next === null;
    byId("read-all").hidden = !this.#any;
    this.#bar.show(held.size);
    const first = longestWaiting([...rows, ...held.values()]);
    showNextUp(first, first ? this.#hrefOf(first.id) : "");
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
