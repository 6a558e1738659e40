/** @import {Tag} from "../types.js" */
import { byId } from "../parts/dom.js";

/** The choice of a tag over the list; there is none while there are no tags. @param {Tag[]} tags @param {string} chosen */
export function showTagFilter(tags, chosen) {
  const select = byId("tag-filter", HTMLSelectElement);
  select.replaceChildren(new Option("All tags", ""), ...tags.map(({ id, name }) => new Option(name, id)));
  if (chosen && !tags.some(({ id }) => id === chosen)) select.append(new Option("A tag that was removed", chosen));
  select.value = chosen;
  byId("tag-filter-label").hidden = !tags.length && !chosen;
}
