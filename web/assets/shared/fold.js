/** A few more than the sheet shows of one that is folded (components/rich.css): it is worth a press. */
const MOST_LINES = 24;

/**
 * Whether a message is so long that only its beginning is shown. By counting: to measure it would be to lay it out.
 *
 * @param {string} text
 * @param {number} columns How many letters a line holds, about.
 */
export function isLong(text, columns) {
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
  return lines > MOST_LINES;
}

/**
 * Folds a long message, and unfolds it at the press of a button. The button says `unfold` to who follows the end of the thread: whoever
 * presses it reads here.
 *
 * @param {HTMLElement} text
 * @param {HTMLElement} button
 * @param {{ all: string, less: string }} words
 */
export function fold(text, button, words) {
  /** @param {boolean} folded */
  const turn = (folded) => {
    text.classList.toggle("folded", folded);
    button.textContent = folded ? words.all : words.less;
    button.setAttribute("aria-expanded", String(!folded));
    if (!folded) button.dispatchEvent(new Event("unfold", { bubbles: true }));
  };
  button.addEventListener("click", () => {
    const folded = !text.classList.contains("folded");
    turn(folded);
    if (!folded) return;
    text.scrollTop = 0;
    button.scrollIntoView({ block: "nearest" });
  });
  // A link that Tab reaches is to be seen.
  text.addEventListener("focusin", ({ target }) => {
    if (text.classList.contains("folded") && /** @type {Element} */ (target).matches(":focus-visible")) turn(false);
  });
  turn(true);
}
