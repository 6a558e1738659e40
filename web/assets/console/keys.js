/** Single keys, none of which fires while somebody types or is asked something. @param {Record<string, () => boolean | void>} actions by `event.key`, lower case; false: not handled */
export function startKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog:modal")) return;
    const key = event.key.toLowerCase();
    if (key !== "escape" && isField(event.target)) return;
    const action = actions[key];
    if (action && action() !== false) event.preventDefault();
  });
}

/** @param {EventTarget | null} target */
function isField(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}
