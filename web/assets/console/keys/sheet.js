/** @import {Actions} from "./actions.js" */
import { GROUPS } from "./catalogue.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { MAC } from "./keys.js";
import { partsOf } from "./keymap.js";

/** What the keys do, as this member has them. @param {Actions} actions */
export function showShortcuts(actions) {
  const dialog = byId("shortcuts", HTMLDialogElement);
  const groups = GROUPS.map((group) => groupOf(group, actions)).filter((each) => each !== null);
  byId("shortcuts-groups").replaceChildren(...groups);
  byId("shortcuts-off").hidden = actions.choices.single;
  dialog.showModal();
}

/** @param {string} group @param {Actions} actions */
function groupOf(group, actions) {
  const lines = actions.permitted.filter((each) => each.group === group && actions.keys.has(each.id));
  if (!lines.length) return null;
  const section = clone("shortcuts-group-template");
  setText(part(section, "name"), group);
  part(section, "lines").append(
    ...lines.map(({ id, name }) => {
      const line = clone("shortcuts-line-template");
      setText(part(line, "name"), name);
      part(line, "keys").append(...caps(actions.keys.get(id) ?? ""));
      return line;
    }),
  );
  return section;
}

/** Keys as caps: one after the other with "then" between. @param {string} keys @returns {Array<Node | string>} */
export const caps = (keys) =>
  keys.split(" ").flatMap((press, index) => [
    index ? " then " : "",
    ...partsOf(press, MAC).flatMap((key, place) => {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      return place ? [" ", cap] : [cap];
    }),
  ]);
