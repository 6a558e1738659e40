/** @import {Pending} from "../types.js" */

/** What an operator typed survives a reload: the draft, and replies that have not been acknowledged. @param {string} id of the conversation */
export const drafts = (id) => ({
  read: () => get(`baton:draft:${id}`) ?? "",
  /** @param {string} text */
  write: (text) => put(`baton:draft:${id}`, text),
  /** @returns {Pending[]} */
  unsent: () => parse(get(`baton:unsent:${id}`)),
  /** @param {Pending} pending a reply as it stands now */
  keep: (pending) => put(`baton:unsent:${id}`, JSON.stringify(withPending(parse(get(`baton:unsent:${id}`)), pending))),
  /** It was sent, or is not to be. @param {string} clientId */
  forget: (clientId) => {
    const left = parse(get(`baton:unsent:${id}`)).filter(({ client_id }) => client_id !== clientId);
    put(`baton:unsent:${id}`, left.length ? JSON.stringify(left) : "");
  },
});

/** The list with this one, in the place that it had. @param {Pending[]} list @param {Pending} pending @returns {Pending[]} */
export function withPending(list, pending) {
  const known = list.some(({ client_id }) => client_id === pending.client_id);
  return known ? list.map((each) => (each.client_id === pending.client_id ? pending : each)) : [...list, pending];
}

/** @param {string} key */
function get(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

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
    const list = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
