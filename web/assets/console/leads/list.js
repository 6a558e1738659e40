/** @import {Lead, LeadPage} from "../types.js" */
import { leadName } from "../details/called.js";
import { setTime } from "../figures/live_times.js";
import { showPreview } from "../list/row_view.js";
import { RowsPane } from "../list/rows_pane.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { appendLeads, applyLead, changeLead, leadsFrom, readAll, refreshLeads, releaseLeads, withoutConversation } from "./list_state.js";

/** The leads at the left of the inbox. */
export class LeadList {
  #pane;
  #state;
  #any;
  #q;

  /** @param {{page: LeadPage, q: string, hrefOf: (id: string) => string, more: (cursor: string) => Promise<LeadPage | null>}} options */
  constructor({ page, q, hrefOf, more }) {
    this.#state = leadsFrom(page);
    this.#any = page.any;
    this.#q = q;
    this.#pane = new RowsPane({
      what: "leads",
      state: () => ({ ...this.#state, held: this.#state.held.length }),
      create: () => clone("lead-row-template"),
      update: (element, /** @type {Lead} */ lead, selected) => updateRow(element, lead, hrefOf(lead.id), selected),
      painted: () => this.#showEmpty(),
      release: () => this.#release(),
      more,
      append: (/** @type {LeadPage} */ next) => this.#set(appendLeads(this.#state, next)),
    });
    this.#pane.paint();
  }

  /** @param {LeadPage} page @param {string} q */
  replace(page, q) {
    this.#q = q;
    this.#any = page.any;
    this.#pane.toTop();
    this.#set(leadsFrom(page));
  }

  /** After the connection was lost; gives how many leads were missed. @param {LeadPage} page */
  refresh(page) {
    const known = new Set([...this.#state.rows, ...this.#state.held].map(({ id }) => id));
    const [newest] = this.#state.rows;
    const missed = page.leads.filter(({ id, captured_at }) => !known.has(id) && captured_at > (newest?.captured_at ?? "")).length;
    this.#any = page.any;
    this.#set(refreshLeads(this.#state, page, this.#pane.holds));
    return missed;
  }

  /** @param {Lead} lead */
  apply(lead) {
    this.#any = true;
    this.#set(applyLead(this.#state, lead, { hold: this.#pane.holds, q: this.#q }));
  }

  /** @param {string} id */
  markRead(id) {
    this.#set(changeLead(this.#state, id, { unread: false }));
  }

  /** At once; gives what undoes that when it was refused. */
  markAllRead() {
    const unread = [...this.#state.rows, ...this.#state.held].filter((lead) => lead.unread);
    this.#set(readAll(this.#state));
    return () => this.#set(unread.reduce((state, { id }) => changeLead(state, id, { unread: true }), this.#state));
  }

  /** @param {string} conversationId */
  removeConversation(conversationId) {
    this.#set(withoutConversation(this.#state, conversationId));
  }

  /** @param {string} id */
  find(id) {
    return this.#state.rows.find((lead) => lead.id === id) ?? this.#state.held.find((lead) => lead.id === id);
  }

  /** @param {string | null} id */
  select(id) {
    this.#pane.select(id);
  }

  /** @param {1 | -1} step */
  move(step) {
    this.#pane.move(step);
  }

  /** A draft, or what could not be sent, is another now. */
  repaint() {
    this.#pane.repaint();
  }

  #release() {
    if (this.#state.held.length) this.#set(releaseLeads(this.#state));
  }

  /** @param {import("./list_state.js").LeadListState} state */
  #set(state) {
    this.#state = state;
    this.#pane.paint();
  }

  #showEmpty() {
    const { rows, next } = this.#state;
    const empty = !rows.length && next === null;
    byId("never-any").hidden = !empty || this.#any;
    byId("read-all").hidden = !this.#any;
    byId("none-in-view").hidden = !empty || !this.#any;
    setText(byId("none-in-view-why"), this.#q ? `No lead has “${this.#q}” in its name, address or text.` : "The leads there were have been deleted.");
    byId("clear-search").hidden = !this.#q;
  }
}

/** @param {HTMLElement} element @param {Lead} lead @param {string} href @param {boolean} selected */
function updateRow(element, lead, href, selected) {
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  const name = leadName(lead);
  const rest = [lead.email, lead.phone].filter((each) => each && each !== name);
  element.dataset.id = lead.id;
  element.toggleAttribute("data-unread", Boolean(lead.unread));
  link.setAttribute("href", href);
  if (selected) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  setText(part(element, "name"), name);
  showPreview(element, lead.conversation_id, { line: [lead.message || rest.join(" · ") || "No message"] });
  setTime(part(element, "time"), lead.captured_at, "ago");
  part(element, "unread").hidden = !lead.unread;
}
