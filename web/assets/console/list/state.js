/** @import {Row, RowPage, View} from "../types.js" */

/**
 * The list of conversations as data. Rows that would move while somebody points at one, or reads further down, do
 * not: what is new or moved up is `held` behind the "3 new" bar, and what left the view is `leaving`, in its place.
 *
 * @typedef {object} ListState
 * @property {Row[]} rows shown, in the order of the view
 * @property {Map<string, Row>} held
 * @property {ReadonlySet<string>} leaving ids of rows that go once rows may move again
 * @property {string | null} next the cursor of the page after the last row
 * @property {View["holder"]} holder the filter, which decides the order
 *
 * @typedef {object} How
 * @property {View} view
 * @property {string} userId
 * @property {boolean} hold rows must not move now
 * @property {string | null} keep the id of the opened conversation, which stays although it left the view
 */

/** Who waits longest is first in the queue of those who wait; else the newest activity. @type {Record<string, (a: Row, b: Row) => number>} */
const ORDERS = {
  waiting: (a, b) => compare(a.waiting_since ?? "", b.waiting_since ?? "") || compare(a.id, b.id),
  activity: (a, b) => compare(b.last_activity_at, a.last_activity_at) || compare(b.id, a.id),
};

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {View["holder"]} holder */
const orderOf = (holder) => /** @type {(a: Row, b: Row) => number} */ (ORDERS[holder === "waiting" ? "waiting" : "activity"]);

/** @param {RowPage} page @param {View["holder"]} [holder] @returns {ListState} */
export const listFrom = (page, holder = "") => ({ rows: [...page.conversations].sort(orderOf(holder)), held: new Map(), leaving: new Set(), next: page.next, holder });

/**
 * Whether the visitor wrote something that this member has not seen.
 *
 * @param {Row} row @param {string} userId @param {string} [upto] what was written up to then counts as read
 */
export const isUnread = (row, userId, upto = "") => (row.last_user_seq ?? 0) > (row.seen?.[userId] ?? 0) && writtenAt(row) > upto;

/** When the visitor wrote last, or no later than that. @param {Row} row */
const writtenAt = (row) => row.last_user_at ?? row.last_activity_at;

/** Up to when all that is known here was written. @param {ListState} state */
export const newestWritten = ({ rows, held }) => [...rows, ...held.values()].map(writtenAt).reduce((a, b) => (a > b ? a : b), "");

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

/** Take in a row that the server says has changed. @param {ListState} state @param {Row} changed @param {How} how @returns {ListState} */
export function applyRow(state, changed, { view, userId, hold, keep }) {
  const shown = state.rows.find((each) => each.id === changed.id);
  const known = state.held.get(changed.id) ?? shown;
  if (known && known.seq > changed.seq) return state;
  // Why it was found only a search says.
  const row = known?.match && !changed.match ? { ...changed, match: known.match } : changed;
  if (!inView(row, view, userId)) return shown && row.id === keep ? replace(state, row) : goRow(shown ? replace(state, row) : state, row.id, hold);
  if (!known && (view.q || isBeyond(state, row))) return state;
  const staying = state.leaving.has(row.id) ? { ...state, leaving: withoutId(state.leaving, row.id) } : state;
  if (hold) return holdRow(staying, row, shown);
  return { ...staying, rows: sorted([...staying.rows.filter((each) => each.id !== row.id), row], state.holder), held: without(staying.held, row.id) };
}

/** @param {ListState} state @param {string} id @returns {ListState} */
export const removeRow = (state, id) => ({
  ...state,
  rows: state.rows.filter((row) => row.id !== id),
  held: without(state.held, id),
  leaving: withoutId(state.leaving, id),
});

/** A row is not wanted any more: it goes, now or when rows may move. @param {ListState} state @param {string} id @param {boolean} hold @returns {ListState} */
export function goRow(state, id, hold) {
  if (!hold || !state.rows.some((row) => row.id === id)) return removeRow(state, id);
  return { ...state, held: without(state.held, id), leaving: new Set(state.leaving).add(id) };
}

/** What was about to go stays after all. @param {ListState} state @param {readonly string[]} ids @returns {ListState} */
export const stayRows = (state, ids) => ({ ...state, leaving: ids.reduce(withoutId, state.leaving) });

/** Put the held rows where they belong, and let go those that left. @param {ListState} state @returns {ListState} */
export function releaseHeld(state) {
  const rest = state.rows.filter((row) => !state.held.has(row.id) && !state.leaving.has(row.id));
  return { ...state, rows: sorted([...rest, ...state.held.values()], state.holder), held: new Map(), leaving: new Set() };
}

/** @param {ListState} state @param {RowPage} page @returns {ListState} */
export function appendPage(state, page) {
  const known = new Set(state.rows.map((row) => row.id));
  return { ...state, rows: sorted([...state.rows, ...page.conversations.filter((row) => !known.has(row.id))], state.holder), next: page.next };
}

/**
 * Bring the list up to date from a fresh first page, without moving what must not move. What was loaded beyond that
 * page stays.
 *
 * @param {ListState} state @param {RowPage} page @param {How} how @returns {ListState}
 */
export function refresh(state, page, how) {
  const order = orderOf(state.holder);
  const fresh = new Map(page.conversations.map((row) => [row.id, row]));
  const last = page.next === null ? undefined : page.conversations.at(-1);
  const covered = (/** @type {Row} */ row) => !fresh.has(row.id) && row.id !== how.keep && (!last || order(row, last) <= 0);
  const gone = state.rows.filter(covered).reduce((next, { id }) => goRow(next, id, how.hold), state);
  // The server found them, so a search has them, and none lies beyond a page.
  const found = { ...how, view: { ...how.view, q: "" } };
  const next = page.conversations.reduce((now, row) => applyRow(now, row, found), /** @type {ListState} */ ({ ...gone, next: null }));
  const older = last && state.rows.some((row) => order(last, row) < 0);
  return { ...next, next: older ? state.next : page.next };
}

/**
 * How many entries a fresh page has beyond what was known; of a conversation that was not, it is one.
 *
 * @param {ListState} state @param {RowPage} page
 */
export function missedIn(state, page) {
  const known = new Map([...state.rows, ...state.held.values()].map((row) => [row.id, row]));
  const newest = state.rows.reduce((most, row) => (row.last_activity_at > most ? row.last_activity_at : most), "");
  const missed = (/** @type {Row} */ row) => {
    const before = known.get(row.id);
    return before ? Math.max(0, row.seq - before.seq) : row.last_activity_at > newest ? 1 : 0;
  };
  return page.conversations.reduce((sum, row) => sum + missed(row), 0);
}

/** Data changes at once, the place only when released. @param {ListState} state @param {Row} row @param {Row | undefined} shown */
function holdRow(state, row, shown) {
  const moves = !shown || orderOf(state.holder)(shown, row) !== 0;
  const next = shown ? replace(state, row) : state;
  return moves || state.held.has(row.id) ? { ...next, held: new Map(state.held).set(row.id, row) } : next;
}

/** @param {ListState} state @param {Row} row */
const replace = (state, row) => ({ ...state, rows: state.rows.map((each) => (each.id === row.id ? row : each)) });

/** After all that is loaded while the server has more: its page will bring it. @param {ListState} state @param {Row} row */
const isBeyond = (state, row) => {
  const last = state.rows.at(-1);
  return state.next !== null && last !== undefined && orderOf(state.holder)(last, row) < 0;
};

/** @param {Row[]} rows @param {View["holder"]} holder */
const sorted = (rows, holder) => rows.sort(orderOf(holder));

/** @param {Map<string, Row>} map @param {string} id */
function without(map, id) {
  if (!map.has(id)) return map;
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}

/** @param {ReadonlySet<string>} set @param {string} id @returns {ReadonlySet<string>} */
function withoutId(set, id) {
  if (!set.has(id)) return set;
  const copy = new Set(set);
  copy.delete(id);
  return copy;
}
