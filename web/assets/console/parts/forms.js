import { ApiError } from "../connection/api.js";
import { setText } from "./dom.js";

/**
 * Send a form by `send`. While it is on its way the button rests; what is wrong stands under its field, and the outcome beside the button.
 *
 * @param {HTMLFormElement} form with `[data-part="outcome"]`
 * @param {(values: Record<string, string>) => Promise<string>} send gives what to say when it is done
 */
export function startForm(form, send) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button:not([type])"));
  form.noValidate = true; // the server's sentences are better, and the same everywhere
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    showWrong(form, {});
    say(form, "");
    try {
      say(form, await send(valuesOf(form)));
    } catch (error) {
      refuse(form, error);
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener("input", ({ target }) => {
    say(form, "");
    // What was wrong with it was said of what stood there before.
    mark(/** @type {HTMLInputElement} */ (target), "");
  });
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
const valuesOf = (form) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

/** @param {HTMLFormElement} form @param {unknown} error */
function refuse(form, error) {
  if (!(error instanceof ApiError)) throw error;
  showWrong(form, error.fields);
  if (!form.querySelector("[aria-invalid]")) say(form, error.message, true);
  form.querySelector("[aria-invalid]")?.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]"))?.focus();
}

/** @param {HTMLFormElement} form @param {Record<string, string>} wrong a sentence for each field that is wrong */
function showWrong(form, wrong) {
  for (const field of form.querySelectorAll("input, select, textarea")) {
    const each = /** @type {HTMLInputElement} */ (field);
    mark(each, wrong[each.name] ?? "");
  }
}

/** @param {HTMLInputElement} field @param {string} why it is wrong; nothing where it is not */
function mark(field, why) {
  const text = field.closest(".field")?.querySelector(".field-wrong");
  if (text) setText(text, why);
  if (why) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

/** @param {HTMLFormElement} form @param {string} text @param {boolean} [failed] */
function say(form, text, failed = false) {
  const outcome = /** @type {Element} */ (form.querySelector('[data-part="outcome"]'));
  setText(outcome, text);
  outcome.classList.toggle("outcome-wrong", failed);
}
