/** @import {Actions} from "./actions.js" */
import { isSingle, pressOf } from "./keymap.js";
import { KeyReader } from "./reader.js";

export const MAC = /mac|iphone|ipad/i.test(navigator.platform);

/** A press that stands for an action does it: never while somebody types, composes a character, or is asked something. @param {Actions} actions */
export function startKeys(actions) {
  const reader = new KeyReader();
  document.addEventListener("keyup", () => reader.release());
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (document.querySelector("dialog:modal, [data-recording]")) return;
    const press = pressOf(event, MAC);
    if (!press || (isControl(event.target) && (press === "Enter" || press === "Space"))) return;
    const typing = isField(event.target);
    const now = performance.now();
    const keys = typing ? new Map([...actions.keys].filter(([id, each]) => actions.described(id)?.typing && !isSingle(each))) : actions.keys;
    const meaning = reader.read(press, keys, { now, repeat: event.repeat, repeats: (id) => !!actions.described(id)?.repeats });
    if (!meaning) return;
    if (meaning === "wait" || meaning === "held" || actions.run(meaning.id) !== false) event.preventDefault();
  });
}

/** @param {EventTarget | null} target */
function isField(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Whether Enter and the space bar press it already. @param {EventTarget | null} target */
const isControl = (target) => target instanceof Element && target.closest("a[href], button, summary, input, select, textarea, [role='option'], [contenteditable]") !== null;
