/** @import {Pending} from "./types.js" */

/** What an operator typed survives a reload: the draft, and replies that have not been acknowledged. @param {string} id of the conversation */
export const drafts = (id) => ({
  read: () => sessionStorage.getItem(`baton:draft:${id}`) ?? "",
  /** @param {string} text */
  write: (text) => put(`baton:draft:${id}`, text),
  /** @returns {Pending[]} */
  unsent: () => parse(sessionStorage.getItem(`baton:unsent:${id}`)),
  /** @param {Pending[]} list */
  keep: (list) => put(`baton:unsent:${id}`, list.length ? JSON.stringify(list) : ""),
});

/** @param {string} key @param {string} value */
function put(key, value) {
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is full or forbidden: the text still stands in the page.
  }
}

/** @param {string | null} text @returns {Pending[]} */
function parse(text) {
  try {
    return JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
}
