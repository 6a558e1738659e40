/** @import {Actions} from "./actions.js" */
/** @import {Choices} from "./keymap.js" */
import { api } from "../connection/api.js";

/** @param {string} userId */
const keyOf = (userId) => `baton:${userId}:keys`;

/** Follow what is chosen in another tab. @param {Actions} actions @param {string} userId */
export function followChoices(actions, userId) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== keyOf(userId) || !newValue) return;
    try {
      actions.choose(JSON.parse(newValue));
    } catch {
      // Not ours; the next page has what is right.
    }
  });
}

/** Keep what was chosen with the member, then use it here and in the other tabs. @param {Actions} actions @param {string} userId @param {Choices} choices */
export async function saveChoices(actions, userId, choices) {
  const { keyboard } = await api("POST", "/app/account/keyboard", { body: choices });
  actions.choose(keyboard);
  try {
    localStorage.setItem(keyOf(userId), JSON.stringify(keyboard));
  } catch {
    // The other tabs learn it with their next page.
  }
}
