/** @import {Tag} from "../types.js" */
/** @import {Tags} from "./tags.js" */
import { ApiError, api } from "../connection/api.js";
import { confirm } from "../parts/confirm.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";
import { growing } from "../thread/growing.js";

const TAGS = "/app/tags";

/** Of a name on a small phone, which shows all of it. */
const MOST_LINES = 4;

/** Where tags are made, renamed, coloured and removed. @param {Tags} tags @returns {{open: () => void, show: () => void}} */
export function startTagManager(tags) {
  const dialog = byId("tag-manager", HTMLDialogElement);
  const form = byId("tag-new", HTMLFormElement);
  const name = byId("tag-new-name", HTMLInputElement);

  const say = (/** @type {string} */ words) => {
    setText(byId("tag-wrong"), words);
    byId("tag-wrong").hidden = !words;
  };
  /** @param {() => Promise<unknown>} change */
  const change = async (change) => {
    say("");
    try {
      await change();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.message);
    }
    await tags.load();
  };
  const pathOf = (/** @type {string} */ id) => `${TAGS}/${encodeURIComponent(id)}`;

  /** @param {Tag} tag */
  const createRow = (tag) => {
    const row = clone("tag-row-template");
    const field = /** @type {HTMLTextAreaElement} */ (part(row, "name"));
    const colour = /** @type {HTMLSelectElement} */ (part(row, "colour"));
    growing(field, MOST_LINES);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      field.blur();
    });
    field.addEventListener("change", () => change(() => api("PATCH", pathOf(tag.id), { body: { name: field.value } })));
    colour.addEventListener("change", () => change(() => api("PATCH", pathOf(tag.id), { body: { colour: colour.value } })));
    part(row, "remove").addEventListener("click", async () => {
      const words = { title: `Remove the tag ${field.value}?`, text: "It is taken off every conversation that has it. The conversations stay.", verb: "Remove tag" };
      if (await confirm(words)) await change(() => api("DELETE", pathOf(tag.id)));
    });
    return row;
  };
  const show = () => {
    byId("tag-none").hidden = tags.all.length > 0 || !!tags.wrong;
    if (tags.wrong) say(`Couldn't read the tags. ${tags.wrong}`);
    reconcile(byId("tag-rows"), tags.all, {
      key: ({ id }) => id,
      create: createRow,
      update: (row, tag) => {
        row.dataset.colour = tag.colour;
        const field = /** @type {HTMLTextAreaElement} */ (part(row, "name"));
        if (document.activeElement !== field && field.value !== tag.name) {
          field.value = tag.name;
          field.dispatchEvent(new Event("baton:resize"));
        }
        /** @type {HTMLSelectElement} */ (part(row, "colour")).value = tag.colour;
      },
    });
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!name.value.trim()) return;
    const made = { name: name.value, colour: COLOURS[tags.all.length % COLOURS.length] };
    await change(async () => {
      await api("POST", TAGS, { body: made });
      if (name.value === made.name) name.value = ""; // else the next one is being written
    });
    name.focus();
  });
  byId("tag-manager-close").addEventListener("click", () => dialog.close());
  return {
    open: () => {
      say("");
      show();
      dialog.showModal();
      name.focus();
    },
    show,
  };
}

/** One after the other, so that new tags differ. */
const COLOURS = ["blue", "green", "orange", "purple", "red", "teal", "yellow", "pink", "grey"];
