/** @import {Row} from "../types.js" */
/** @import {PendingTags} from "./pending.js" */
/** @import {Tags} from "./tags.js" */
import { announce } from "../parts/announce.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";
import { showChips, showTag } from "./tags.js";

/** What stands under the details of an opened conversation: its tags, and its end. */
export class DetailsExtra {
  #root = clone("details-extra-template");
  #tags;
  #pending;
  /** @type {Row | null} */ #row = null;

  /** @param {{tags: Tags, pending: PendingTags, onDelete: (row: Row) => void, onManage: () => void}} options */
  constructor({ tags, pending, onDelete, onManage }) {
    this.#tags = tags;
    this.#pending = pending;
    byId("details-body").append(this.#root);
    this.#find("delete")?.addEventListener("click", () => this.#row && onDelete(this.#row));
    this.#find("choices-again")?.addEventListener("click", () => void this.#tags.load());
    const picker = /** @type {HTMLDetailsElement | null} */ (this.#find("picker"));
    this.#find("manage")?.addEventListener("click", () => {
      if (picker) picker.open = false;
      onManage();
    });
    document.addEventListener("click", ({ target }) => {
      if (picker?.open && target instanceof Node && target.isConnected && !picker.contains(target)) picker.open = false;
    });
    picker?.addEventListener("toggle", () => picker.open && picker.scrollIntoView({ block: "nearest" }));
    picker?.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !picker.open) return;
      event.stopPropagation();
      picker.open = false;
      picker.querySelector("summary")?.focus();
    });
  }

  /** @param {Row | null} row */
  show(row) {
    this.#row = row;
    this.#root.hidden = !row;
    if (!row) return;
    const borne = this.#tags.of(row);
    showChips(part(this.#root, "tags"), borne);
    part(this.#root, "no-tags").hidden = borne.length > 0;
    const choices = this.#find("choices");
    if (!choices) return;
    const { all, wrong } = this.#tags;
    part(this.#root, "no-choices").hidden = all.length > 0 || !!wrong;
    part(this.#root, "choices-wrong").hidden = !wrong;
    const refused = this.#pending.wrong(row.id);
    part(this.#root, "refused").hidden = !refused;
    setText(part(this.#root, "refused"), refused);
    setText(part(this.#root, "choices-why"), wrong && `Couldn't read the tags. ${wrong}`);
    reconcile(choices, this.#tags.all, {
      key: ({ id }) => id,
      create: ({ id }) => this.#choice(id),
      update: (element, tag) => {
        showTag(part(element, "tag"), tag);
        /** @type {HTMLInputElement} */ (part(element, "box")).checked = borne.includes(tag);
      },
    });
  }

  /** @param {string} id */
  #choice(id) {
    const element = clone("choice-template");
    const box = /** @type {HTMLInputElement} */ (part(element, "box"));
    box.addEventListener("change", () => void this.#put(id, box.checked));
    return element;
  }

  /** @param {string} tag @param {boolean} on */
  async #put(tag, on) {
    if (this.#row) announce(await this.#pending.put({ id: this.#row.id, tag, on }));
  }

  /** A part that only some have. @param {string} name @returns {HTMLElement | null} */
  #find(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
