/** @import {Lead, LeadPage} from "../types.js" */
import { leadName } from "../details/called.js";
import { setTime } from "../figures/live_times.js";
import { NewBar } from "../list/new_bar.js";
import { PointerHold } from "../list/pointer_hold.js";
import { showPreview } from "../list/row_view.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";
import { appendLeads, applyLead, changeLead, leadsFrom, readAll, refreshLeads, releaseLeads, withoutConversation } from "./list_state.js";

/** The leads at the left of the inbox. */
export class LeadList {
  #rows = byId("rows");
  #scroll = byId("list-scroll");
  #more = byId("load-more", HTMLButtonElement);
  #hold = new PointerHold(this.#rows, this.#scroll, () => this.#release());
  #bar = new NewBar("leads", () => this.#showHeld());
  #state;
  #any;
  #q;
  #hrefOf;
  /** @type {string | null} */ #selected = null;
  #frame = 0;

  /** @param {{page: LeadPage, q: string, hrefOf: (id: string) => string, more: (cursor: string) => Promise<LeadPage | null>}} options */
  constructor({ page, q, hrefOf, more }) {
    this.#state = leadsFrom(page);
    this.#any = page.any;
    this.#q = q;
    this.#hrefOf = hrefOf;
    this.#more.addEventListener("click", () => this.#loadMore(more));
    this.#paint();
  }

  /** @param {LeadPage} page @param {string} q */
  replace(page, q) {
    this.#q = q;
    this.#any = page.any;
    this.#state = leadsFrom(page);
    this.#scroll.scrollTop = 0;
    this.#paint();
  }

  /** After the connection was lost; gives how many leads were missed. @param {LeadPage} page */
  refresh(page) {
    const known = new Set([...this.#state.rows, ...this.#state.held].map(({ id }) => id));
    const [newest] = this.#state.rows;
    const missed = page.leads.filter(({ id, captured_at }) => !known.has(id) && captured_at > (newest?.captured_at ?? "")).length;
    this.#any = page.any;
    this.#state = refreshLeads(this.#state, page, this.#hold.holds);
    this.#paint();
    return missed;
  }

  /** @param {Lead} lead */
  apply(lead) {
    this.#any = true;
    this.#state = applyLead(this.#state, lead, { hold: this.#hold.holds, q: this.#q });
    this.#paint();
  }

  /** @param {string} id */
  markRead(id) {
    this.#state = changeLead(this.#state, id, { unread: false });
    this.#paint();
  }

  /** At once; gives what undoes that when it was refused. */
  markAllRead() {
    const unread = [...this.#state.rows, ...this.#state.held].filter((lead) => lead.unread);
    this.#state = readAll(this.#state);
    this.#paint();
    return () => {
      this.#state = unread.reduce((state, { id }) => changeLead(state, id, { unread: true }), this.#state);
      this.#paint();
    };
  }

  /** @param {string} conversationId */
  removeConversation(conversationId) {
    this.#state = withoutConversation(this.#state, conversationId);
    this.#paint();
  }

  /** @param {string} id */
  find(id) {
    return this.#state.rows.find((lead) => lead.id === id) ?? this.#state.held.find((lead) => lead.id === id);
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

  /** A draft, or what could not be sent, is another now. */
  repaint() {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #showHeld() {
    this.#release();
    this.#scroll.scrollTop = 0;
  }

  #release() {
    if (!this.#state.held.length) return;
    this.#state = releaseLeads(this.#state);
    this.#paint();
  }

  /** @param {(cursor: string) => Promise<LeadPage | null>} more */
  async #loadMore(more) {
    const { next } = this.#state;
    if (!next) return;
    this.#more.disabled = true;
    this.#more.setAttribute("aria-busy", "true");
    const page = await more(next);
    this.#more.disabled = false;
    this.#more.removeAttribute("aria-busy");
    if (!page || this.#state.next !== next) return;
    this.#state = appendLeads(this.#state, page);
    this.#paint();
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { rows, held, next } = this.#state;
    reconcile(this.#rows, rows, {
      key: ({ id }) => id,
      create: () => clone("lead-row-template"),
      update: (element, lead) => updateRow(element, lead, this.#hrefOf(lead.id), lead.id === this.#selected),
    });
    this.#more.hidden = next === null;
    this.#bar.show(held.length);
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
  showPreview(element, lead.conversation_id, lead.message || rest.join(" · ") || "No message");
  setTime(part(element, "time"), lead.captured_at, "ago");
  part(element, "unread").hidden = !lead.unread;
}
