import { byId } from "./dom.js";

/** Say something to screen readers. @param {string} text */
export function announce(text) {
  byId("announcer").textContent = text;
}
