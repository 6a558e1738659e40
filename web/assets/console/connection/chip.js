import { signIn } from "./api.js";
import { byId, setText } from "../parts/dom.js";
import { chipWords } from "./chip_words.js";
import { setIcon } from "../parts/icon.js";
import { isNewer, reloadWhenIdle } from "./updates.js";

const SHOW_AFTER_MS = 1_000;
const FADES_AFTER_MS = 5_000;
const SIGNED_OUT = 4003;

/** Says how the connection stands once that matters, and what was missed when it is back. */
export class ConnectionChip {
  #chip = byId("connection");
  #reload = document.createElement("button");
  /** @type {import("./chip_words.js").Link} */ #link = { state: "connecting", online: navigator.onLine, catching: false, missed: null, updated: false };
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** It was said that the connection is lost; then it is said too that it is back. */
  #isTold = false;

  constructor() {
    this.#reload.type = "button";
    this.#reload.className = "link";
    this.#reload.textContent = "Reload";
    this.#reload.hidden = true;
    this.#reload.addEventListener("click", () => location.reload());
    this.#chip.append(this.#reload);
    for (const event of ["online", "offline"]) addEventListener(event, () => this.#set({ online: navigator.onLine }));
  }

  /** @param {"connecting" | "live" | "lost" | "ended"} state @param {number} [code] */
  is(state, code) {
    if (state === "ended" && code === SIGNED_OUT) return signIn();
    // While it connects again the reason stays the one it was lost for.
    if (state === "connecting" && this.#link.state === "lost") return;
    this.#set({ state, code, catching: state === "live" && this.#isTold, missed: null });
  }

  /** So much came while the connection was lost: a list and a conversation tell of the same, so the most counts. @param {number} count */
  missed(count) {
    const { catching, missed } = this.#link;
    if (catching || missed !== null) this.#set({ catching: false, missed: Math.max(count, missed ?? 0) });
  }

  /** @param {string | undefined} assets the hash of the files that the server has */
  served(assets) {
    if (!assets || !isNewer(assets)) return;
    this.#set({ updated: true });
    reloadWhenIdle(assets);
  }

  /** @param {Partial<import("./chip_words.js").Link>} change */
  #set(change) {
    this.#link = { ...this.#link, ...change };
    clearTimeout(this.#timer);
    const words = chipWords(this.#link);
    if (words?.kind === "lost" && !this.#isTold) this.#timer = setTimeout(() => this.#show(), SHOW_AFTER_MS);
    else this.#show();
  }

  #show() {
    const words = chipWords(this.#link);
    this.#isTold = words !== null && words.kind !== "news";
    this.#chip.hidden = !words;
    if (!words) return;
    this.#chip.dataset.kind = words.kind;
    setIcon(/** @type {Element} */ (this.#chip.querySelector("svg")), words.icon);
    setText(/** @type {Element} */ (this.#chip.querySelector("span")), words.text);
    this.#reload.hidden = words.kind !== "news";
    if (words.kind === "back") this.#timer = setTimeout(() => this.#set({ catching: false, missed: null }), FADES_AFTER_MS);
  }
}
