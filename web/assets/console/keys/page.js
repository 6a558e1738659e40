/** @import {Actions} from "./actions.js" */
/** @import {Choices} from "./keymap.js" */
/** @import {Described} from "./catalogue.js" */
import { GROUPS } from "./catalogue.js";
import { announce } from "../parts/announce.js";
import { ApiError } from "../connection/api.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { recordKeys } from "./recorder.js";
import { MAC } from "./keys.js";
import { NO_CHOICES, keyWords, refusal } from "./keymap.js";
import { saveChoices } from "./choices.js";
import { caps } from "./sheet.js";

/** `/app/account/keyboard`. @param {Actions} actions @param {string} userId */
export function startKeyboardPage(actions, userId) {
  const single = byId("single-keys", HTMLInputElement);
  const rows = actions.permitted.map((action) => ({ action, row: rowOf(action, actions, (choices, said) => save(choices, said)) }));
  const paint = () => {
    single.checked = actions.choices.single;
    byId("reset-keys").hidden = !Object.keys(actions.choices.keys).length;
    for (const { action, row } of rows) paintRow(row, action, actions);
  };
  const save = async (/** @type {Choices} */ choices, /** @type {string} */ said) => {
    const notice = byId("keyboard-notice");
    notice.hidden = true;
    try {
      await saveChoices(actions, userId, choices);
      announce(said);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(notice, `Your keys were not changed. ${error.message}`);
      notice.hidden = false;
      paint();
    }
  };
  byId("key-groups").append(...GROUPS.map((group) => groupOf(group, rows.filter(({ action }) => action.group === group).map(({ row }) => row))));
  single.addEventListener("change", () => save({ ...actions.choices, single: single.checked }, single.checked ? "Letters and signs work by themselves." : "Letters and signs alone do nothing now."));
  byId("reset-keys").addEventListener("click", () => save({ ...NO_CHOICES, single: actions.choices.single }, "All actions have their usual keys."));
  actions.watch(paint);
  paint();
}

/** @param {string} name @param {HTMLElement[]} rows */
function groupOf(name, rows) {
  const group = clone("key-group-template");
  setText(part(group, "name"), name);
  part(group, "rows").append(...rows);
  return group;
}

/** @param {Described} action @param {Actions} actions @param {(choices: Choices, said: string) => void} save */
function rowOf(action, actions, save) {
  const row = clone("key-template");
  const wrong = part(row, "wrong");
  const put = (/** @type {string | null} */ keys, /** @type {string} */ said) => {
    setText(wrong, "");
    const others = Object.fromEntries(Object.entries(actions.choices.keys).filter(([id]) => id !== action.id));
    save({ ...actions.choices, keys: keys === null ? others : { ...others, [action.id]: keys } }, said);
  };
  setText(part(row, "name"), action.name);
  for (const [name, verb] of [["change", "Change"], ["off", "Turn off"], ["reset", "Reset"]]) part(row, name ?? "").setAttribute("aria-label", `${verb} the keys of ${action.name}`);
  part(row, "change").addEventListener("click", async ({ currentTarget }) => {
    setText(wrong, "");
    const keys = await recordKeys(/** @type {HTMLElement} */ (currentTarget));
    if (keys === null || keys === (actions.keys.get(action.id) ?? "")) return;
    const why = refusal(action.id, keys, actions.permitted, actions.choices, MAC);
    if (why) setText(wrong, why);
    else put(keys, `${action.name} is ${keyWords(keys, MAC)} now.`);
  });
  part(row, "off").addEventListener("click", () => put("", `${action.name} has no keys now.`));
  part(row, "reset").addEventListener("click", () => {
    const why = action.keys ? refusal(action.id, action.keys, actions.permitted, actions.choices, MAC) : "";
    if (why) setText(wrong, why);
    else put(null, `${action.name} has its usual keys.`);
  });
  return row;
}

/** @param {HTMLElement} row @param {Described} action @param {Actions} actions */
function paintRow(row, action, actions) {
  const { choices } = actions;
  const keys = action.fixed ? (action.keys ?? "") : (choices.keys[action.id] ?? action.keys ?? "");
  part(row, "keys").replaceChildren(...(keys ? caps(keys) : ["No keys"]));
  part(row, "change").hidden = !!action.fixed;
  part(row, "off").hidden = !!action.fixed || !keys;
  part(row, "reset").hidden = !!action.fixed || choices.keys[action.id] === undefined;
}
