import { byId, setText } from "./dom.js";

/**
 * Ask before something cannot be undone. The page has `parts/confirm.html`.
 *
 * @param {{title: string, text: string, verb: string}} words the verb names what the button does
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, verb }) {
  const dialog = byId("confirm", HTMLDialogElement);
  setText(byId("confirm-title"), title);
  setText(byId("confirm-text"), text);
  setText(byId("confirm-do"), verb);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "do"), { once: true });
  });
}
