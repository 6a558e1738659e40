const NEAR_PX = 80;

/** A transcript that follows its newest message while the reader is there, and stays put when they read further up. */
export class Tail {
  #scroll;
  #jump;
  #follows = true;
  #top = 0;

  /** @param {HTMLElement} scroll @param {HTMLElement} jump the button that leads back to the newest */
  constructor(scroll, jump) {
    this.#scroll = scroll;
    this.#jump = jump;
    scroll.addEventListener("scroll", () => this.#look(), { passive: true });
    jump.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.#follows && this.toEnd()).observe(scroll);
  }

  /** @param {() => void} change */
  around(change) {
    const follows = this.#follows;
    change();
    if (follows) this.toEnd();
    else this.#jump.hidden = this.#distance() <= NEAR_PX;
  }

  /** @param {() => void} change */
  keepingPlace(change) {
    const fromEnd = this.#scroll.scrollHeight - this.#scroll.scrollTop;
    this.#follows = false;
    change();
    this.#scroll.scrollTop = this.#scroll.scrollHeight - fromEnd;
  }

  toEnd() {
    this.#follows = true;
    this.#jump.hidden = true;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** Only a reader scrolls up: a composer that grows takes the end out of sight too, and is followed. */
  #look() {
    const { scrollTop } = this.#scroll;
    if (this.#distance() <= NEAR_PX) this.#follows = true;
    else if (scrollTop < this.#top) this.#follows = false;
    this.#top = scrollTop;
    this.#jump.hidden = this.#follows;
  }

  #distance() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
  }
}
