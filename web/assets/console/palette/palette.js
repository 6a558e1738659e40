/** @import {Actions} from "../keys/actions.js" */
/** @import {Item} from "./items.js" */
import { howMany } from "../figures/figures.js";
import { MAC } from "../keys/keys.js";
import { caps } from "../keys/sheet.js";
import { showPieces } from "../list/match.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { setIcon } from "../parts/icon.js";
import { doable, grouped } from "./items.js";
import { Recents } from "./recents.js";
import { PaletteSearch } from "./search.js";

/** Search and do: a combobox over everything that this member can reach from here. */
export class Palette {
  #dialog = byId("palette", HTMLDialogElement);
  #field = byId("palette-field", HTMLInputElement);
  #list = byId("palette-list");
  #told = byId("palette-told");
  #actions;
  #recents;
  #search;
  /** @type {Item[]} */ #doable = [];
  /** @type {Item[]} */ #searched = [];
  /** @type {Item[]} */ #shown = [];
  #looking = false;
  #at = 0;
  /** Where the focus was: closing gives it back, unless what was chosen moves it. @type {Element | null} */ #from = null;

  /** @param {Actions} actions @param {string} whose whose recent choices these are, and where */
  constructor(actions, whose) {
    this.#actions = actions;
    const team = actions.described("settings-team") !== undefined;
    this.#search = new PaletteSearch((items) => this.#found(items), (q) => this.open(q), team);
    this.#recents = new Recents(`${whose}:palette`, () => sessionStorage);
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("pointermove", ({ target }) => this.#point(target));
    this.#list.addEventListener("click", ({ target }) => this.#clicked(target));
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#search.stop());
  }

  /** @param {string} [typed] what stands in it already */
  open(typed = "") {
    if (this.#dialog.open) return this.#dialog.close();
    this.#from = document.activeElement;
    this.#doable = doable(this.#actions);
    this.#searched = [];
    this.#field.value = typed;
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.setSelectionRange(typed.length, typed.length);
    this.#typed();
  }

  #typed() {
    this.#at = 0;
    this.#search.look(this.#field.value);
  }

  /** @param {Item[] | null} items null: what was found last stays until the answer comes */
  #found(items) {
    this.#looking = items === null;
    if (items) this.#searched = items;
    this.#paint();
  }

  #paint() {
    const groups = grouped(this.#field.value, this.#doable, this.#searched, this.#recents.all);
    this.#shown = groups.flatMap(({ items }) => items);
    let number = 0;
    this.#list.replaceChildren(...groups.map(({ group, items }, index) => groupOf(group, index, items.map((item) => optionOf(item, number++)))));
    const { length } = this.#shown;
    byId("palette-nothing").hidden = length > 0 || this.#looking;
    setText(byId("palette-nothing"), `Nothing fits “${this.#field.value.trim()}”.`);
    this.#mark(Math.min(this.#at, Math.max(0, length - 1)));
    if (!this.#looking) setText(this.#told, howMany(length, "result"));
  }

  /** @param {number} at */
  #mark(at) {
    this.#at = at;
    for (const option of this.#list.querySelectorAll("[role=option]")) option.setAttribute("aria-selected", String(option.id === idOf(at)));
    const marked = document.getElementById(idOf(at));
    if (marked) this.#field.setAttribute("aria-activedescendant", marked.id);
    else this.#field.removeAttribute("aria-activedescendant");
    // The first one with the name of its group above it.
    if (at === 0) this.#list.scrollTop = 0;
    else marked?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing) return;
    const { length } = this.#shown;
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 });
    const toggles = event.key.toLowerCase() === "k" && (MAC ? event.metaKey : event.ctrlKey);
    const step = steps[event.key];
    if (event.key === "Enter") this.#choose(this.#at);
    else if (toggles) this.#dialog.close();
    else if (step && length) this.#mark(Math.abs(step) === 1 ? (this.#at + step + length) % length : Math.min(length - 1, Math.max(0, this.#at + step)));
    else return;
    event.preventDefault();
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const at = numberOf(target);
    if (at >= 0 && at !== this.#at) this.#mark(at);
  }

  /** @param {EventTarget | null} target */
  #clicked(target) {
    const at = numberOf(target);
    if (at >= 0) this.#choose(at);
  }

  /** @param {number} at */
  #choose(at) {
    const item = this.#shown[at];
    if (!item) return;
    if (!item.passing) this.#recents.add(item);
    this.#dialog.close();
    if (this.#from instanceof HTMLElement) this.#from.focus();
    if (item.href) this.#actions.visit(item.href);
    else item.run?.();
  }
}

/** @param {string} name @param {number} index @param {HTMLElement[]} options */
function groupOf(name, index, options) {
  const group = clone("palette-group-template");
  const title = part(group, "name");
  title.id = `palette-group-${index}`;
  setText(title, name);
  group.setAttribute("aria-labelledby", title.id);
  group.append(...options);
  return group;
}

/** @param {Item} item @param {number} number */
function optionOf(item, number) {
  const option = clone("palette-option-template");
  option.id = idOf(number);
  option.dataset.number = String(number);
  setIcon(/** @type {Element} */ (option.querySelector("svg")), item.icon ?? "chevron-right");
  showPieces(part(option, "name"), item.title ?? [item.name]);
  setText(part(option, "by"), item.by ?? "");
  showPieces(part(option, "detail"), item.line ?? [item.detail ?? ""]);
  part(option, "keys").append(...(item.keys ? caps(item.keys) : []));
  return option;
}

/** @param {number} at */
const idOf = (at) => `palette-option-${at}`;

/** @param {EventTarget | null} target */
const numberOf = (target) => Number((target instanceof Element && /** @type {HTMLElement | null} */ (target.closest("[role=option]"))?.dataset.number) || -1);
