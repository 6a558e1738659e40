/** @import {Lead, LeadPage} from "../types.js" */

/**
 * The inbox as data. `held` are leads that came while somebody was reading further down: they wait behind "3 new".
 *
 * @typedef {object} LeadListState
 * @property {Lead[]} rows shown, newest first
 * @property {Lead[]} held
 * @property {string | null} next the cursor of the page after the last row
 */

/** @param {Lead} a @param {Lead} b */
const byCapture = (a, b) => compare(b.captured_at, a.captured_at) || compare(b.id, a.id);

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {LeadPage} page @returns {LeadListState} */
export const leadsFrom = ({ leads, next }) => ({ rows: [...leads].sort(byCapture), held: [], next });

/**
 * A lead came, or was changed by its visitor.
 *
 * @param {LeadListState} state @param {Lead} lead @param {{hold: boolean, q: string}} how `q`: the search, which new leads are left to the server for
 * @returns {LeadListState}
 */
export function applyLead(state, lead, { hold, q }) {
  const known = [...state.rows, ...state.held].find(({ id }) => id === lead.id);
  if (known) return changeLead(state, lead.id, { ...lead, unread: known.unread });
  if (q) return state;
  if (hold) return { ...state, held: [lead, ...state.held] };
  return { ...state, rows: [...state.rows, lead].sort(byCapture) };
}

/** @param {LeadListState} state @param {string} id @param {Partial<Lead>} change @returns {LeadListState} */
export function changeLead(state, id, change) {
  const changed = (/** @type {Lead} */ lead) => (lead.id === id ? { ...lead, ...change } : lead);
  return { ...state, rows: state.rows.map(changed), held: state.held.map(changed) };
}

/** @param {LeadListState} state @returns {LeadListState} */
export const readAll = ({ rows, held, next }) => ({ rows: rows.map(read), held: held.map(read), next });

/** @param {Lead} lead @returns {Lead} */
const read = (lead) => ({ ...lead, unread: false });

/** @param {LeadListState} state @returns {LeadListState} */
export const releaseLeads = ({ rows, held, next }) => ({ rows: [...held, ...rows].sort(byCapture), held: [], next });

/** The leads of a conversation that was deleted go with it. @param {LeadListState} state @param {string} conversationId @returns {LeadListState} */
export function withoutConversation({ rows, held, next }, conversationId) {
  const others = (/** @type {Lead} */ lead) => lead.conversation_id !== conversationId;
  return { rows: rows.filter(others), held: held.filter(others), next };
}

/** @param {LeadListState} state @param {LeadPage} page @returns {LeadListState} */
export function appendLeads(state, { leads, next }) {
  const known = new Set(state.rows.map(({ id }) => id));
  return { ...state, rows: [...state.rows, ...leads.filter(({ id }) => !known.has(id))].sort(byCapture), next };
}

/**
 * Bring the list up to date from a fresh first page; what was loaded beyond it stays. With `hold` what is new waits.
 *
 * @param {LeadListState} state @param {LeadPage} page @param {boolean} [hold] @returns {LeadListState}
 */
export function refreshLeads(state, page, hold = false) {
  if (hold && state.rows.length) {
    const shown = new Set(state.rows.map(({ id }) => id));
    const rows = page.leads.filter(({ id }) => shown.has(id)).reduce((now, lead) => changeLead(now, lead.id, lead), state).rows;
    const newest = /** @type {Lead} */ (state.rows[0]);
    return { rows, held: page.leads.filter((lead) => !shown.has(lead.id) && byCapture(lead, newest) < 0), next: state.next };
  }
  const last = page.leads.at(-1);
  if (!last || page.next === null) return leadsFrom(page);
  const older = state.rows.filter((lead) => byCapture(last, lead) < 0);
  return { rows: [...page.leads, ...older].sort(byCapture), held: [], next: older.length ? state.next : page.next };
}
