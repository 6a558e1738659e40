import { byId, setText } from "./dom.js";

/** The empty state's line for the customer's site, and its copy button. */
export function startSnippet() {
  const button = byId("copy-snippet");
  const words = /** @type {Element} */ (button.querySelector("span"));
  button.addEventListener("click", async () => {
    const text = byId("snippet").textContent ?? "";
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    if (!copied) getSelection()?.selectAllChildren(byId("snippet"));
    setText(words, copied ? "Copied" : "Selected for you to copy");
  });
}
