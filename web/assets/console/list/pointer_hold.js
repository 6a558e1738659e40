const SETTLE_MS = 400;
const TOP_PX = 4;

/**
 * When the rows of a list must not move: somebody reads further down, points at a row with a mouse, or went to one
 * with the keyboard.
 */
export class PointerHold {
  #rows;
  #scroll;
  #onFree;
  #pointed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #settle;

  /** @param {HTMLElement} rows @param {HTMLElement} scroll @param {() => void} onFree rows may move again */
  constructor(rows, scroll, onFree) {
    this.#rows = rows;
    this.#scroll = scroll;
    this.#onFree = onFree;
    const point = (/** @type {PointerEvent} */ { pointerType }) => void (this.#pointed ||= pointerType === "mouse");
    rows.addEventListener("pointerover", point, { passive: true });
    rows.addEventListener("pointermove", point, { passive: true });
    rows.addEventListener("pointerleave", () => this.#left(), { passive: true });
    document.documentElement.addEventListener("pointerleave", () => this.#left(), { passive: true });
    rows.addEventListener("focusout", () => this.#soon());
    scroll.addEventListener("scroll", () => this.isAtTop && this.#soon(), { passive: true });
  }

  get isAtTop() {
    return this.#scroll.scrollTop < TOP_PX;
  }

  get holds() {
    return !this.isAtTop || this.#pointed || this.#isFocused;
  }

  get #isFocused() {
    const focused = document.activeElement;
    return focused !== null && this.#rows.contains(focused) && focused.matches(":focus-visible");
  }

  #left() {
    this.#pointed = false;
    this.#soon();
  }

  /** A pointer that only crosses a gap, or focus on its way to the next row, frees nothing. */
  #soon() {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => this.holds || this.#onFree(), SETTLE_MS);
  }
}
