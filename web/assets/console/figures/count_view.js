import { setText } from "../parts/dom.js";

const MOST = 99;

/** A number as badges have room for it. @param {number} count */
export const atMost = (count) => (count > MOST ? `${MOST}+` : String(count));

/** What a badge says; nothing when there is nothing to say. @param {number} count @param {boolean} isOld it could not be read again, or nothing is heard of it: it may be another by now */
export const counted = (count, isOld) => (isOld ? `${count ? atMost(count) : ""}?` : count ? atMost(count) : "");

/**
 * A number beside a name. One that is old says so, also where it was none.
 *
 * @param {HTMLElement} element @param {number} count @param {boolean} isOld @param {string} what such as "unread"
 */
export function showCount(element, count, isOld, what) {
  const text = counted(count, isOld);
  element.hidden = !text;
  element.toggleAttribute("data-old", isOld);
  element.title = isOld ? "This may be another number by now. It is read again by itself." : "";
  setText(element, text);
  element.setAttribute("aria-label", isOld ? `${count ? `${atMost(count)} ${what}` : `How many are ${what}`}, not known for certain just now` : `${text} ${what}`);
}
