/** @import {Row} from "../types.js" */
/** @import {PendingTags} from "./pending.js" */
/** @import {Tags} from "./tags.js" */
import { tell } from "../parts/tell.js";

/**
 * The tags of the opened conversation, to be put on and taken off by name.
 *
 * @param {Row | null} row @param {Tags} tags @param {PendingTags} pending
 */
export function tagActions(row, tags, pending) {
  if (!row) return [];
  const borne = tags.of(row);
  return tags.all.map((tag) => {
    const on = !borne.includes(tag);
    const run = async () => {
      const refused = await pending.put({ id: row.id, tag: tag.id, on });
      tell(refused || (on ? `“${tag.name}” was put on.` : `“${tag.name}” was taken off.`));
    };
    return { id: `tag:${tag.id}`, name: `${on ? "Tag" : "Take off tag"} “${tag.name}”`, group: "Conversation", icon: "tag", words: "label", run };
  });
}
