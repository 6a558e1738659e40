/** @import {Row, RowPage, View} from "./types.js" */

/**
 * The list of conversations as data. `held` are rows that arrived or moved up while the operator was reading further
 * down: they wait behind the "3 new" bar, so that the list never jumps.
 *
 * @typedef {object} ListState
 * @property {Row[]} rows shown, newest activity first
 * @property {Map<string, Row>} held
 * @property {string | null} next the cursor of the page after the last row
 */

/** @param {Row} a @param {Row} b */
const byActivity = (a, b) =>
  compare(b.last_activity_at, a.last_activity_at) || compare(b.id, a.id);

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {RowPage} page @returns {ListState} */
export const listFrom = (page) => ({ rows: [...page.conversations].sort(byActivity), held: new Map(), next: page.next });

/**
 * Whether a view shows this row. A search is left to the server: only it can look into messages.
 *
 * @param {Row} row @param {View} view @param {string} userId
 */
export function inView(row, view, userId) {
  const engaged = row.user_message_count > 0 || row.waiting_since !== null || row.claimed_by_user_id !== null;
  if (view.show === "engaged" && !engaged) return false;
  if (view.tag && !row.tag_ids?.includes(view.tag)) return false;
  switch (view.holder) {
    case "waiting":
      return row.badge.kind === "waiting";
    case "bot":
      return row.badge.kind === "bot";
    case "mine":
      return row.claimed_by_user_id === userId;
    case "others":
      return row.claimed_by_user_id !== null && row.claimed_by_user_id !== userId;
    default:
      return true;
  }
}

/**
 * Take in a row that the server says has changed.
 *
 * @param {ListState} state
 * @param {Row} row
 * @param {{view: View, userId: string, hold: boolean, keep: string | null}} how `hold`: rows must not move now;
 *   `keep`: the id of the opened conversation, which stays although it left the view
 * @returns {ListState}
 */
export function applyRow(state, row, { view, userId, hold, keep }) {
  const shown = state.rows.find((each) => each.id === row.id);
  if (shown && shown.seq > row.seq) return state;
  if (!inView(row, view, userId)) return shown && row.id === keep ? replace(state, row) : removeRow(state, row.id);
  if (!shown && (view.q || isBeyond(state, row))) return state;
  if (hold) return holdRow(state, row, shown);
  return { ...state, rows: sorted([...state.rows.filter((each) => each.id !== row.id), row]), held: without(state.held, row.id) };
}

/** @param {ListState} state @param {string} id @returns {ListState} */
export const removeRow = (state, id) => ({ ...state, rows: state.rows.filter((row) => row.id !== id), held: without(state.held, id) });

/** Put the held rows where they belong. @param {ListState} state @returns {ListState} */
export function releaseHeld(state) {
  const rest = state.rows.filter((row) => !state.held.has(row.id));
  return { ...state, rows: sorted([...rest, ...state.held.values()]), held: new Map() };
}

/** @param {ListState} state @param {RowPage} page @returns {ListState} */
export function appendPage(state, page) {
  const known = new Set(state.rows.map((row) => row.id));
  return { ...state, rows: sorted([...state.rows, ...page.conversations.filter((row) => !known.has(row.id))]), next: page.next };
}

/**
 * Bring the list up to date from a fresh first page. What was loaded beyond that page stays.
 *
 * @param {ListState} state @param {RowPage} page @returns {ListState}
 */
export function refresh(state, page) {
  const last = page.conversations.at(-1);
  if (!last || page.next === null) return listFrom(page);
  const fresh = new Set(page.conversations.map((row) => row.id));
  const older = state.rows.filter((row) => !fresh.has(row.id) && byActivity(last, row) < 0);
  return { rows: sorted([...page.conversations, ...older]), held: new Map(), next: older.length ? state.next : page.next };
}

/** Data changes at once, the place only when released. @param {ListState} state @param {Row} row @param {Row | undefined} shown */
function holdRow(state, row, shown) {
  const moves = !shown || shown.last_activity_at !== row.last_activity_at;
  const next = shown ? replace(state, row) : state;
  return moves || state.held.has(row.id) ? { ...next, held: new Map(state.held).set(row.id, row) } : next;
}

/** @param {ListState} state @param {Row} row */
const replace = (state, row) => ({ ...state, rows: state.rows.map((each) => (each.id === row.id ? row : each)) });

/** Older than all that is loaded while the server has more: its page will bring it. @param {ListState} state @param {Row} row */
const isBeyond = (state, row) => {
  const last = state.rows.at(-1);
  return state.next !== null && last !== undefined && byActivity(last, row) < 0;
};

/** @param {Row[]} rows */
const sorted = (rows) => rows.sort(byActivity);

/** @param {Map<string, Row>} map @param {string} id */
function without(map, id) {
  if (!map.has(id)) return map;
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}
