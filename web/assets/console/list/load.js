import { ApiError } from "../connection/api.js";
import { byId, setText } from "../parts/dom.js";

/** The request that was made last; an older one says nothing any more. */
let newest = 0;

/** Say over the list what went wrong, with the way to try again. @param {string} why @param {() => void} again */
export function listWrong(why, again) {
  const wrong = byId("list-wrong");
  isBehind = false;
  setText(byId("list-wrong-why"), why);
  byId("list-again").onclick = () => {
    wrong.hidden = true;
    again();
  };
  wrong.hidden = false;
}

let isBehind = false;

/**
 * Read the first page again after the connection was lost; what went wrong stands over the list.
 *
 * @template T
 * @param {() => Promise<T>} load @param {() => void} again
 * @returns {Promise<T | null>} null when it did not come
 */
export async function catchUpRows(load, again) {
  try {
    const page = await load();
    if (isBehind) byId("list-wrong").hidden = true;
    isBehind = false;
    return page;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    listWrong(`This list may be behind. ${error.message}`, again);
    isBehind = true;
    return null;
  }
}

/**
 * Load rows. What is there rests after a while (in the sheet: 300 ms); what went wrong stands over the list, with the way to try again.
 *
 * @template T
 * @param {() => Promise<T>} load @param {() => void} again
 * @returns {Promise<T | null>} null when it did not come
 */
export async function loadRows(load, again) {
  const number = ++newest;
  const wrong = byId("list-wrong");
  wrong.hidden = true;
  byId("rows").setAttribute("aria-busy", "true");
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof ApiError) || number !== newest) return null; // asked for something else meanwhile
    listWrong(error.message, again);
    return null;
  } finally {
    if (number === newest) byId("rows").removeAttribute("aria-busy");
  }
}
