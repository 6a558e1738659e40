import { announce } from "./announce.js";
import { setIcon } from "./icon.js";

const SHOWN_MS = 1_500;

/** Copy what an element says; the button shows that it did, for a moment. @param {HTMLElement} button @param {() => string} text */
export function startCopy(button, text) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const icon = /** @type {Element} */ (button.querySelector("svg"));
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(text()).then(() => true, () => false);
    announce(done ? "Copied" : "Copying is not allowed here. Select the text instead.");
    if (!done) return;
    setIcon(icon, "check");
    clearTimeout(timer);
    timer = setTimeout(() => setIcon(icon, "copy"), SHOWN_MS);
  });
}
