import { announce } from "./announce.js";
import { setIcon } from "./icon.js";
import { tell } from "./tell.js";

const SHOWN_MS = 1_500;

/** Copy what an element says; the button shows that it did, for a moment. @param {HTMLElement} button @param {() => string} text */
export function startCopy(button, text) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const icon = /** @type {Element} */ (button.querySelector("svg"));
  button.addEventListener("click", async () => {
    // There is none on a page without https.
    const done = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
    if (!done) return tell("Copying is not allowed here. Select the text instead.");
    announce("Copied");
    setIcon(icon, "check");
    clearTimeout(timer);
    timer = setTimeout(() => setIcon(icon, "copy"), SHOWN_MS);
  });
}
