/** @import {Described} from "./catalogue.js" */

/**
 * Keys as text: a press is `Mod+Shift+` and a key by its name (`k`, `#`, `Enter`), two presses one after the other are
 * `g i`. `Mod` is Command on a Mac and Control elsewhere. Shift is named only where the key does not already tell it.
 *
 * @typedef {{keys: Record<string, string>, single: boolean}} Choices what a member chose: keys by action, "" for none;
 *   `single`: whether keys work without Control or Command
 */

/** @type {Choices} */
export const NO_CHOICES = { keys: {}, single: true };

const MODIFIERS = new Set(["Control", "Shift", "Alt", "AltGraph", "Meta", "CapsLock", "Fn", "Hyper", "Super", "OS"]);
const NAMES = /** @type {Record<string, string>} */ ({ Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Mod: "Ctrl", Backspace: "⌫" });
const MAC_NAMES = /** @type {Record<string, string>} */ ({ ...NAMES, Mod: "⌘", Alt: "⌥", Shift: "⇧" });
const ARIA = /** @type {Record<string, string>} */ ({ Mod: "Control" });
const BROWSERS_OWN = new Set(["Mod+w", "Mod+t", "Mod+n", "Mod+q", "Mod+r", "Mod+l", "Mod+a", "Mod+c", "Mod+v", "Mod+x", "Mod+z", "Mod+f", "Mod+p", "Tab", "Shift+Tab", "F5", "F11", "F12"]);
const NOT_ALONE = new Set(["Enter", "Space", "Escape", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", "Backspace", "Delete"]);

/**
 * What was pressed; null for a modifier alone, a dead key, or what a modifier of another system does.
 *
 * The character counts, not the place of the key: `#` is `#` on every layout, whatever must be held down for it. Where the
 * letters are not Latin, the place counts, as on the keyboards that people print both on.
 *
 * @param {KeyboardEvent} event @param {boolean} mac
 * @returns {string | null}
 */
export function pressOf(event, mac) {
  if (MODIFIERS.has(event.key) || event.key === "Dead" || event.key === "Process" || event.key === "Unidentified") return null;
  const character = [...event.key].length === 1;
  // AltGr, and Option on a Mac, are how some characters are written.
  const written = character && !/^[a-z0-9]$/i.test(event.key) && (event.getModifierState?.("AltGraph") || (mac && event.altKey && !event.metaKey));
  const [mod, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (other && !written) return null;
  const key = character ? characterOf(event) : event.key;
  const shift = event.shiftKey && (!character || /^\p{L}$/u.test(key) || key === "Space");
  return [mod && !written ? "Mod" : "", event.altKey && !written ? "Alt" : "", shift ? "Shift" : "", key].filter(Boolean).join("+");
}

/** @param {KeyboardEvent} event */
function characterOf({ key, code }) {
  if (key === " ") return "Space";
  if (/^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key) && /^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  return key.toLowerCase();
}

/** Which keys each action has; those without any are left out. @param {readonly Described[]} catalogue @param {Choices} choices @returns {Map<string, string>} */
export function keysOf(catalogue, { keys, single }) {
  const all = catalogue.map(({ id, keys: usual = "", fixed }) => /** @type {const} */ ([id, fixed ? usual : (keys[id] ?? usual)]));
  const chosen = new Set(catalogue.filter(({ id, fixed }) => !fixed && keys[id]).map(({ id }) => keys[id]));
  // What a newer version gave an action of its own accord yields to what the member chose before.
  const clear = all.filter(([id, each]) => keys[id] !== undefined || !chosen.has(each));
  return new Map(clear.filter(([, each]) => each && (single || !isSingle(each))));
}

/** Whether it is characters alone, which speech input and slips of the hand also make. @param {string} keys */
export const isSingle = (keys) => keys.split(" ").some((press) => !/(?:Mod|Alt)\+/.test(press) && [...bare(press)].length === 1);

/** The key without its modifiers. @param {string} press */
const bare = (press) => press.replace(/^(?:(?:Mod|Alt|Shift)\+(?=.))+/, "");

/** Whether one of these could never be told from the other. @param {string} a @param {string} b */
export const clash = (a, b) => a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);

/**
 * Why an action may not have these keys, in words; nothing when it may.
 *
 * @param {string} id @param {string} keys @param {readonly Described[]} catalogue @param {Choices} choices @param {boolean} [mac]
 */
export function refusal(id, keys, catalogue, choices, mac = false) {
  const shown = keyWords(keys, mac);
  if (keys.split(" ").some((press) => BROWSERS_OWN.has(press))) return `${shown} belongs to the browser. Choose other keys.`;
  const basic = keys.split(" ").find((press) => NOT_ALONE.has(press));
  if (basic) return `${keyWords(basic, mac)} is needed to move about and to press buttons. Choose other keys.`;
  const action = catalogue.find((each) => each.id === id);
  if (action?.typing && isSingle(keys)) return `${action.name} works while you type, so its keys need ${mac ? "⌘" : "Ctrl"} or Alt.`;
  const everything = keysOf(catalogue, { ...choices, single: true });
  const other = catalogue.find((each) => each.id !== id && clash(everything.get(each.id) ?? "\0", keys));
  return other ? `${keyWords(everything.get(other.id) ?? "", mac)} is “${other.name}”. Choose other keys, or change that one first.` : "";
}

/** As people read them: "Ctrl K", "G then I". @param {string} keys @param {boolean} [mac] */
export const keyWords = (keys, mac = false) => keys.split(" ").map((press) => partsOf(press, mac).join(" ")).join(" then ");

/** One press as the caps that are pressed together. @param {string} press @param {boolean} [mac] */
export function partsOf(press, mac = false) {
  const names = mac ? MAC_NAMES : NAMES;
  const key = bare(press);
  const modifiers = press.slice(0, press.length - key.length).split("+").filter(Boolean);
  return [...modifiers, key.length === 1 ? key.toUpperCase() : key].map((each) => names[each] ?? each);
}

/** As `aria-keyshortcuts` has them, which knows no sequences. @param {string} keys @param {boolean} [mac] */
export function ariaKeys(keys, mac = false) {
  if (!keys || keys.includes(" ")) return "";
  const key = bare(keys);
  const modifiers = keys.slice(0, keys.length - key.length).split("+").filter(Boolean);
  return [...modifiers.map((each) => (mac && each === "Mod" ? "Meta" : (ARIA[each] ?? each))), key.length === 1 ? key.toUpperCase() : key].join("+");
}
