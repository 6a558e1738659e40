/** @import {Lead} from "../types.js" */
import { leadName } from "../details/called.js";
import { byId, setText } from "../parts/dom.js";
import { setIcon } from "../parts/icon.js";

/** @typedef {"unsupported" | "ask" | "denied" | "on" | "off"} BellState */

const LOOKS = {
  unsupported: { icon: "bell-off", label: "Notifications are not possible here", note: "This browser shows no notifications, or the console is not on https. New leads still appear at the bottom right." },
  ask: { icon: "bell", label: "Turn on notifications", note: "" },
  denied: {
    icon: "bell-off",
    label: "Notifications are blocked",
    note: "Your browser blocks notifications from this address, and only you can change that: open the settings of this site, left of the address, and allow notifications. Then reload.",
  },
  on: { icon: "bell-ring", label: "Notifications are on. Turn them off", note: "Each new lead raises one notification in this browser." },
  off: { icon: "bell", label: "Notifications are off. Turn them on", note: "Notifications are off in this browser. New leads still appear at the bottom right." },
};

/** The bell asks for permission, says how things are, and rings: one notification for a lead, whatever the number of tabs. */
export class Bell {
  #button = byId("bell");
  #note = byId("bell-note");
  #key;

  /** @param {string} key where it is kept that somebody turned them off */
  constructor(key) {
    this.#key = key;
    this.#button.addEventListener("click", () => void this.#pressed());
    document.addEventListener("click", ({ target }) => {
      if (!(target instanceof Node && (this.#button.contains(target) || this.#note.contains(target)))) this.#note.hidden = true;
    });
    document.addEventListener("keydown", ({ key: pressed }) => pressed === "Escape" && (this.#note.hidden = true));
    addEventListener("storage", (event) => event.key === key && this.#paint());
    void this.#watchPermission();
    this.#paint();
  }

  get rings() {
    return this.#state === "on";
  }

  /** @param {Lead} lead */
  ring(lead) {
    const body = lead.message || (lead.name && (lead.email || lead.phone)) || "Left an address in the chat";
    const notification = new Notification(`New lead: ${leadName(lead)}`, { body, tag: `baton-lead-${lead.id}`, icon: new URL("../icons/icon.svg", import.meta.url).href });
    notification.addEventListener("click", () => {
      focus();
      location.assign(`/app/inbox/${encodeURIComponent(lead.id)}`);
      notification.close();
    });
  }

  /** @returns {BellState} */
  get #state() {
    if (!("Notification" in window)) return "unsupported";
    if (Notification.permission === "denied") return isSecureContext ? "denied" : "unsupported";
    if (Notification.permission === "default") return "ask";
    return this.#muted() ? "off" : "on";
  }

  async #pressed() {
    const before = this.#state;
    if (before === "ask") await Notification.requestPermission();
    if (before === "on" || before === "off") this.#mute(before === "on");
    this.#paint();
    this.#note.hidden = !this.#note.textContent || (before === "denied" && !this.#note.hidden);
  }

  #paint() {
    const { icon, label, note } = LOOKS[this.#state];
    this.#button.dataset.state = this.#state;
    this.#button.title = label;
    setText(/** @type {Element} */ (this.#button.querySelector("span")), label);
    setIcon(/** @type {Element} */ (this.#button.querySelector("svg")), icon);
    setText(this.#note, note);
  }

  /** Changed in the browser's own settings. */
  async #watchPermission() {
    const status = await navigator.permissions?.query({ name: "notifications" }).catch(() => null);
    status?.addEventListener("change", () => this.#paint());
  }

  #muted() {
    try {
      return localStorage.getItem(this.#key) === "off";
    } catch {
      return false;
    }
  }

  /** @param {boolean} muted */
  #mute(muted) {
    try {
      localStorage.setItem(this.#key, muted ? "off" : "on");
    } catch {
      // It cannot be kept, and so not be turned off.
    }
  }
}
