import { setText } from "../parts/dom.js";
import { MAC } from "./keys.js";
import { isSingle, keyWords, pressOf } from "./keymap.js";

/** So long a second press may still follow a letter. */
const THEN_MS = 900;

/**
 * The keys that somebody presses now; null when they press Esc, leave with Tab, or click elsewhere.
 *
 * @param {HTMLElement} button says what to do meanwhile
 * @returns {Promise<string | null>}
 */
export function recordKeys(button) {
  const text = button.textContent ?? "";
  let first = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  button.dataset.recording = "";
  setText(button, "Press keys…");
  return new Promise((resolve) => {
    const end = (/** @type {string | null} */ keys) => {
      clearTimeout(timer);
      delete button.dataset.recording;
      setText(button, text);
      removeEventListener("keydown", pressed, true);
      removeEventListener("pointerdown", left, true);
      button.removeEventListener("blur", left);
      resolve(keys);
    };
    const left = () => end(null);
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Tab") return end(null);
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat || event.isComposing) return;
      const press = pressOf(event, MAC);
      if (!press) return;
      if (press === "Escape") return end(null);
      if (first) return end(`${first} ${press}`);
      if (!isSingle(press)) return end(press);
      first = press;
      setText(button, `${keyWords(press, MAC)} …`);
      timer = setTimeout(() => end(first), THEN_MS);
    };
    addEventListener("keydown", pressed, true);
    addEventListener("pointerdown", left, true);
    button.addEventListener("blur", left);
  });
}
