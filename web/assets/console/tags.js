/** @import {Tag} from "./types.js" */
import { api } from "./api.js";
import { clone, part, setText } from "./dom.js";
import { reconcile } from "./reconcile.js";

/** The workspace's tags. */
export class Tags {
  /** @type {Map<string, Tag>} */ #byId = new Map();
  onChange = () => {};

  /** Every tag, by name. */
  get all() {
    return [...this.#byId.values()];
  }

  /** The tags of a conversation, as they stand in the list of all; one that was removed is left out. @param {readonly string[] | undefined} ids */
  of(ids) {
    return this.all.filter(({ id }) => ids?.includes(id));
  }

  async load() {
    const answer = await api("GET", "/app/tags").catch(() => null);
    if (!answer) return;
    this.#byId = new Map(answer.tags.map((/** @type {Tag} */ tag) => [tag.id, tag]));
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
