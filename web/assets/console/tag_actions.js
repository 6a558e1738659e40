/** @import {Row, Tag} from "./types.js" */
import { announce } from "./announce.js";
import { ApiError, api } from "./api.js";

/**
 * The tags of the opened conversation, to be put on and taken off by name.
 *
 * @param {Row | null} row @param {readonly Tag[]} tags @param {(row: Row) => void} onTagged
 */
export const tagActions = (row, tags, onTagged) =>
  row
    ? tags.map(({ id, name }) => {
        const on = !!row.tag_ids?.includes(id);
        return { id: `tag:${id}`, name: `${on ? "Take off tag" : "Tag"} “${name}”`, group: "Conversation", icon: "tag", words: "label", run: () => put(row, id, name, on, onTagged) };
      })
    : [];

/** @param {Row} row @param {string} id @param {string} name @param {boolean} on @param {(row: Row) => void} onTagged */
async function put(row, id, name, on, onTagged) {
  try {
    const { tag_ids } = await api("POST", `/app/conversations/${encodeURIComponent(row.id)}/tags`, { body: on ? { remove: [id] } : { add: [id] } });
    onTagged({ ...row, tag_ids });
    announce(on ? `“${name}” was taken off.` : `“${name}” was put on.`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    announce(`The tag was not changed. ${error.message}`);
  }
}
