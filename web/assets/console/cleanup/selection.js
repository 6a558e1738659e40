/**
 * Which rows are ticked. `anchor` is where a range with Shift begins.
 *
 * @typedef {object} Selection
 * @property {ReadonlySet<string>} ids
 * @property {string | null} anchor
 */

/** @type {Selection} */
export const NOTHING = { ids: new Set(), anchor: null };

/**
 * A box was clicked. With Shift all between the anchor and it become as it is.
 *
 * @param {Selection} selection @param {string} id @param {{order: readonly string[], range: boolean}} how `order`: the rows as they stand
 * @returns {Selection}
 */
export function toggle({ ids, anchor }, id, { order, range }) {
  const on = !ids.has(id);
  const next = new Set(ids);
  const from = range && anchor !== null ? order.indexOf(anchor) : -1;
  const to = order.indexOf(id);
  const between = from < 0 || to < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const each of between) if (on) next.add(each); else next.delete(each);
  return { ids: next, anchor: id };
}

/** @param {Selection} selection @param {readonly string[]} ids @returns {Selection} */
export const selectAll = ({ anchor }, ids) => ({ ids: new Set(ids), anchor });

/** Only what can still be seen: nothing is deleted that nobody sees ticked. @param {Selection} selection @param {readonly string[]} order @returns {Selection} */
export function keepShown(selection, order) {
  const shown = new Set(order);
  if ([...selection.ids].every((id) => shown.has(id))) return selection;
  return { ids: new Set([...selection.ids].filter((id) => shown.has(id))), anchor: selection.anchor && shown.has(selection.anchor) ? selection.anchor : null };
}
