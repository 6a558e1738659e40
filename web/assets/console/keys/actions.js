/** @import {Me} from "../types.js" */
/** @import {Choices} from "./keymap.js" */
/** @import {Described} from "./catalogue.js" */
import { CATALOGUE } from "./catalogue.js";
import { keysOf } from "./keymap.js";

/**
 * @typedef {object} Doable
 * @property {() => unknown} run false: there was nothing to do, and the key is left to the browser
 * @property {() => boolean} [when] whether it can be done now
 *
 * @typedef {object} Found something of the moment that the palette offers, such as the tags of the opened conversation
 * @property {string} id
 * @property {string} name
 * @property {string} group
 * @property {string} [icon]
 * @property {string} [words]
 * @property {() => unknown} run
 */

/** What can be done on this page, by whom, and with which keys. The only place that keys, palette and hints ask. */
export class Actions {
  /** @type {Map<string, Doable>} */ #doable = new Map();
  /** @type {Array<() => Found[]>} */ #more = [];
  /** @type {Set<() => void>} */ #watchers = new Set();
  #me;
  #choices;
  #keys;
  /** Opens the palette with something typed already. @type {(typed: string) => void} */
  search = () => {};
  /** Goes to an address; a page may know a shorter way. @type {(href: string) => void} */
  visit = (href) => location.assign(href);

  /** @param {Pick<Me, "may">} me @param {Choices} choices */
  constructor(me, choices) {
    this.#me = me;
    this.#choices = choices;
    this.#keys = keysOf(this.permitted, choices);
    for (const { id, href } of this.permitted) if (href) this.#doable.set(id, { run: () => this.visit(href) });
  }

  /** What the page can do, by the catalogue's ids. @param {Record<string, Doable | (() => unknown)>} doable */
  provide(doable) {
    for (const [id, each] of Object.entries(doable)) this.#doable.set(id, typeof each === "function" ? { run: each } : each);
  }

  /** @param {() => Found[]} find asked whenever the palette opens */
  alsoFind(find) {
    this.#more.push(find);
  }

  /** All that this role may do somewhere. @returns {readonly Described[]} */
  get permitted() {
    return CATALOGUE.filter(({ may }) => !may || this.#me.may.includes(may));
  }

  /** What can be done now. */
  get available() {
    return this.permitted.filter(({ id }) => this.can(id));
  }

  /** What is there at this moment besides. */
  get found() {
    return this.#more.flatMap((find) => find());
  }

  get choices() {
    return this.#choices;
  }

  /** Keys by action. */
  get keys() {
    return this.#keys;
  }

  /** @param {string} id */
  described(id) {
    return this.permitted.find((each) => each.id === id);
  }

  /** @param {string} id */
  can(id) {
    const doable = this.#doable.get(id);
    return doable !== undefined && this.described(id) !== undefined && (doable.when?.() ?? true);
  }

  /** @param {string} id @returns {unknown} false when it could not be done */
  run(id) {
    return this.can(id) ? this.#doable.get(id)?.run() : false;
  }

  /** The member chose other keys, here or in another tab. @param {Choices} choices */
  choose(choices) {
    this.#choices = choices;
    this.#keys = keysOf(this.permitted, choices);
    for (const watcher of this.#watchers) watcher();
  }

  /** @param {() => void} watcher told when keys change */
  watch(watcher) {
    this.#watchers.add(watcher);
  }
}
