/** @import {Lead, Row, RowPage, Tag, View} from "../types.js" */
import { leadName } from "../details/called.js";
import { byId, setText } from "../parts/dom.js";
import { longestWaiting, showNextUp } from "./next_up.js";
import { createRow, updateRow } from "./row_view.js";
import { RowsPane } from "./rows_pane.js";
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
  #pane;
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
    this.#pane = new RowsPane({
      what: "conversations",
      state: () => ({ ...this.#state, held: this.#state.held.size }),
      create: createRow,
      update: (element, /** @type {Row} */ row, selected) => this.#update(element, row, selected),
      painted: () => this.#painted(),
      release: () => this.#release(),
      more,
      append: (/** @type {RowPage} */ next) => this.#set(appendPage(this.#state, next)),
    });
    this.#pane.paint();
  }

  /** @param {RowPage} page @param {View} view */
  replace(page, view) {
    this.#view = view;
    this.#any = page.any ?? (this.#any || page.conversations.length > 0);
    this.#seenUpto = page.seen_upto ?? "";
    this.#pane.toTop();
    this.#set(listFrom(page, view.holder));
  }

  /** After the connection was lost; gives how many entries were missed. @param {RowPage} page */
  refresh(page) {
    const missed = missedIn(this.#state, page);
    this.#any = page.any ?? this.#any;
    this.#seenUpto = page.seen_upto ?? "";
    this.#set(refresh(this.#state, page, this.#how));
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
    this.#pane.paint();
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
    this.#state = goRow(this.#state, id, this.#pane.holds);
    this.repaint();
  }

  /** The row goes, and who was in it finds themselves in the next one. @param {string} id */
  removeAndStay(id) {
    const at = this.ids.indexOf(id);
    const isIn = this.#pane.hasFocus;
    this.#set(removeRow(this.#state, id));
    if (isIn && at >= 0) this.#pane.focus(at);
  }

  /** Rows that are being deleted look it at once; gives what undoes that when it was refused. @param {readonly string[]} ids */
  going(ids) {
    this.#set(ids.reduce((state, id) => goRow(state, id, true), this.#state));
    return () => this.#set(stayRows(this.#state, ids));
  }

  /** Soon, and once however often it is asked for. */
  repaint() {
    this.#pane.repaint();
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
    this.#pane.select(id);
  }

  /** @param {1 | -1} step */
  move(step) {
    this.#pane.move(step);
  }

  /** @returns {import("./state.js").How} */
  get #how() {
    return { view: this.#view, userId: this.#userId, hold: this.#pane.holds, keep: this.#pane.selected };
  }

  #release() {
    if (this.#state.held.size || this.#state.leaving.size) this.#set(releaseHeld(this.#state));
  }

  /** @param {import("./state.js").ListState} state */
  #set(state) {
    this.#state = state;
    this.#pane.paint();
  }

  /** @param {HTMLElement} element @param {Row} row @param {boolean} selected */
  #update(element, row, selected) {
    // What is opened is being read: its mark follows in a moment.
    const unread = isUnread(row, this.#userId, this.#seenUpto) && !(selected && document.visibilityState === "visible");
    updateRow(element, row, { href: this.#hrefOf(row.id), selected, unread, leaving: this.#state.leaving.has(row.id), tags: this.#tagsOf(row) });
    this.extra.row(element, row.id);
  }

  #painted() {
    const { rows, held, next } = this.#state;
    this.extra.painted(this.ids);
    byId("read-all").hidden = !this.#any;
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
