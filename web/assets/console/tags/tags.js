/** @import {Row, Tag} from "../types.js" */
/** @import {PendingTags} from "./pending.js" */
import { ApiError, api } from "../connection/api.js";
import { clone, part, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";

/** The workspace's tags. */
export class Tags {
  /** @type {Map<string, Tag>} */ #byId = new Map();
  /** Why they could not be read; those known before stay. */
  wrong = "";
  onChange = () => {};
  #pending;

  /** @param {Pick<PendingTags, "over">} pending */
  constructor(pending) {
    this.#pending = pending;
  }

  /** Every tag, by name. */
  get all() {
    return [...this.#byId.values()];
  }

  /** The tags of a conversation with what is on its way, as they stand in the list of all; one that was removed is left out. @param {Row} row */
  of(row) {
    const ids = this.#pending.over(row);
    return this.all.filter(({ id }) => ids.includes(id));
  }

  async load() {
    try {
      const { tags } = await api("GET", "/app/tags");
      this.#byId = new Map(tags.map((/** @type {Tag} */ tag) => [tag.id, tag]));
      this.wrong = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.wrong = error.message;
    }
    this.onChange();
  }
}

/** Chips, each with its dot and its name. @param {HTMLElement} box @param {Tag[]} tags */
export function showChips(box, tags) {
  box.hidden = !tags.length;
  reconcile(box, tags, {
    key: ({ id }) => id,
    create: () => clone("tag-template"),
    update: showTag,
  });
}

/** @param {HTMLElement} element @param {Tag} tag */
export function showTag(element, { name, colour }) {
  element.dataset.colour = colour;
  setText(part(element, "name"), name);
}
