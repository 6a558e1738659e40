/** @import {Lead} from "../types.js" */
import { leadName } from "../details/called.js";
import { figure } from "../figures/figures.js";
import { setTime } from "../figures/live_times.js";
import { announce } from "../parts/announce.js";
import { byId, clone, part, setText } from "../parts/dom.js";

const STAYS_MS = 12_000;
const MOST = 3;
/** A phone has no corner that nobody looks at. */
const MOST_ON_A_PHONE = 1;
const PHONE = matchMedia("(max-width: 767px)");

/** New leads, for a moment, at the bottom right of every page. */
export class Toasts {
  #box = byId("toasts");
  #leftOut = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  constructor() {
    for (const event of ["pointerenter", "focusin"]) this.#box.addEventListener(event, () => clearTimeout(this.#timer));
    for (const event of ["pointerleave", "focusout"]) this.#box.addEventListener(event, () => this.#goLater());
  }

  /** @param {Lead[]} leads oldest first */
  show(leads) {
    for (const lead of leads) this.#box.prepend(this.#toast(lead));
    const over = [...this.#box.querySelectorAll(".toast[data-id]")].slice(PHONE.matches ? MOST_ON_A_PHONE : MOST);
    for (const toast of over) toast.remove();
    this.#leftOut += over.length;
    this.#showLeftOut();
    announce(leads.length === 1 ? `New lead: ${leadName(/** @type {Lead} */ (leads[0]))}` : `${figure(leads.length)} new leads`);
    this.#goLater();
  }

  /** It has been opened. @param {string} id */
  drop(id) {
    const toast = /** @type {HTMLElement | null} */ (this.#box.querySelector(`[data-id="${CSS.escape(id)}"]`));
    if (toast) this.#remove(toast);
  }

  /** @param {Lead} lead */
  #toast(lead) {
    const toast = clone("toast-template");
    toast.dataset.id = lead.id;
    /** @type {HTMLElement} */ (part(toast, "link")).setAttribute("href", `/app/inbox/${encodeURIComponent(lead.id)}`);
    setText(part(toast, "name"), leadName(lead));
    setText(part(toast, "text"), lead.message || (lead.name && (lead.email || lead.phone)) || "Left an address in the chat");
    setTime(part(toast, "time"), lead.captured_at, "ago");
    part(toast, "close").addEventListener("click", () => this.#remove(toast));
    part(toast, "link").addEventListener("click", () => this.#remove(toast));
    return toast;
  }

  #showLeftOut() {
    const more = byId("toasts-more");
    more.hidden = !this.#leftOut;
    setText(more, `${figure(this.#leftOut)} more in the inbox`);
    this.#box.append(more);
  }

  #goLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#clear(), STAYS_MS);
  }

  #clear() {
    for (const toast of this.#box.querySelectorAll(".toast[data-id]")) toast.remove();
    this.#leftOut = 0;
    this.#showLeftOut();
  }

  /** @param {HTMLElement} toast */
  #remove(toast) {
    toast.remove();
    if (!this.#box.querySelector(".toast[data-id]")) this.#clear();
  }
}
