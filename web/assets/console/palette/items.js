/** @import {Actions} from "../keys/actions.js" */
/** @import {Recent} from "./recents.js" */
import { GROUPS } from "../keys/catalogue.js";
import { fit } from "./fuzzy.js";

/**
 * @typedef {object} Item a line of the palette
 * @property {string} id
 * @property {string} name
 * @property {string} group
 * @property {string} [detail]
 * @property {readonly string[]} [title] the name in pieces, every second of them marked
 * @property {readonly string[]} [line] instead of the detail, likewise
 * @property {string} [by] who said that, or what it is
 * @property {string} [icon]
 * @property {string} [words]
 * @property {string} [keys]
 * @property {string} [href]
 * @property {boolean} [passing] of this moment alone: nothing to come back to
 * @property {() => unknown} [run]
 */

/** Made no sense from here: what needs the list or the composer under the finger. */
const NOT_OFFERED = new Set(["palette", "write", "send", "back", "next", "previous", "open", "tick"]);
const ORDER = ["Recent", ...GROUPS.slice(0, 1), "Conversations", "Leads", ...GROUPS.slice(1)];

/** What can be done now, as lines. @param {Actions} actions @returns {Item[]} */
export const doable = (actions) => [
  ...actions.available.filter(({ id }) => !NOT_OFFERED.has(id)).map(({ id, name, group, words, icon }) => ({ id, name, group, words, icon, keys: actions.keys.get(id), run: () => actions.run(id) })),
  ...actions.found,
];

/**
 * The lines for what was typed, best group first and best line first in each. With nothing typed what was chosen last
 * stands first. What the server found keeps its order.
 *
 * @param {string} typed @param {readonly Item[]} doable @param {readonly Item[]} searched @param {readonly Recent[]} recents
 * @returns {Array<{group: string, items: Item[]}>}
 */
export function grouped(typed, doable, searched, recents) {
  if (!typed.trim()) return byGroup([...recentItems(recents, doable), ...doable.filter(({ id }) => !recents.some((each) => each.id === id))], ORDER);
  const scored = doable.map((item) => ({ item, score: fit(typed, item.name, item.words) + (recents.some(({ id }) => id === item.id) ? 0.2 : 0) }));
  const fitting = scored.filter(({ item }) => fit(typed, item.name, item.words) > 0).sort((a, b) => b.score - a.score);
  const items = [...fitting.map(({ item }) => item), ...searched];
  // A name that begins with what was typed is meant; whatever else fits comes after what the server found.
  const strong = (fitting[0]?.score ?? 0) >= 2;
  const order = [...new Set(items.map(({ group }) => group))];
  return byGroup(items, strong ? order : ["Conversations", "Leads", ...order]);
}

/** What is recent and still possible. @param {readonly Recent[]} recents @param {readonly Item[]} doable @returns {Item[]} */
const recentItems = (recents, doable) =>
  recents.flatMap((recent) => {
    const known = doable.find(({ id }) => id === recent.id);
    if (known) return [{ ...known, group: "Recent" }];
    return recent.href ? [{ ...recent, group: "Recent" }] : [];
  });

/** @param {readonly Item[]} items @param {readonly string[]} order */
function byGroup(items, order) {
  const groups = [...new Set([...order, ...items.map(({ group }) => group)])];
  return groups.map((group) => ({ group, items: items.filter((item) => item.group === group) })).filter(({ items: some }) => some.length);
}
