/** @import {Frame, Row, View} from "../types.js" */
/** @import {List} from "../list/list.js" */
import { ApiError, api } from "../connection/api.js";
import { calledOf, inWords } from "../details/called.js";
import { figure } from "../figures/figures.js";
import { paramsOf } from "../list/filters.js";
import { announce } from "../parts/announce.js";
import { confirm } from "../parts/confirm.js";
import { byId, part, setText } from "../parts/dom.js";
import { NOTHING, keepShown, selectAll, toggle } from "./selection.js";
import { conversations, empty, emptyButton, one, progress, several } from "./words.js";

const BASE = "/app/conversations";
/** The server answers within 70 s, and goes on after that. */
const LONG_MS = 90_000;
const LOOK_AGAIN_MS = 4_000;

/** Ticks, trash icons, and what is deleted with them. Only for those who may. */
export class Cleanup {
  /** @type {import("./selection.js").Selection} */ #selection = NOTHING;
  #list;
  #view;
  #opened;
  #reload;
  /** All that match were selected, as the server counted them. @type {{count: number, leads: number, at: string} | null} */
  #all = null;
  #busy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #counting;

  /** @param {{list: List, view: () => View, opened: () => Row | null, reload: () => Promise<void>}} options */
  constructor({ list, view, opened, reload }) {
    this.#list = list;
    this.#view = view;
    this.#opened = opened;
    this.#reload = reload;
    byId("rows").addEventListener("click", (event) => this.#clicked(event));
    byId("bulk-delete").addEventListener("click", () => this.#deleteTicked());
    byId("bulk-clear").addEventListener("click", () => this.clear());
    byId("bulk-matching").addEventListener("click", () => this.#matching());
    byId("delete-empty").addEventListener("click", () => this.#deleteEmpty());
    this.#count();
  }

  /** @param {string} id */
  ticked(id) {
    return this.#selection.ids.has(id);
  }

  /** The list was painted: what is not shown any more is not ticked any more. @param {readonly string[]} order */
  shown(order) {
    const before = this.#selection;
    this.#selection = keepShown(before, order);
    if (this.#selection !== before) this.#all = null;
    this.#show(order);
  }

  /** @returns {boolean} whether anything was ticked */
  clear() {
    if (!this.#selection.ids.size) return false;
    this.#set(NOTHING);
    return true;
  }

  /** Whether there is anything that `press` would delete. */
  get canPress() {
    return this.#selection.ids.size > 0 || this.#pointed !== null;
  }

  /** The row in focus, else the opened one. */
  get #pointed() {
    return this.#list.row(focusedRow()?.dataset.id ?? "") ?? this.#opened();
  }

  /** Whether there was a row to tick. */
  tickFocused() {
    const box = /** @type {HTMLElement | null | undefined} */ (focusedRow()?.querySelector('[data-part="tick"]'));
    box?.click();
    return !!box;
  }

  /** Delete the ticked ones, else the row in focus, else the opened one. */
  press() {
    if (this.#selection.ids.size) return void this.#deleteTicked();
    const row = this.#pointed;
    if (row) void this.deleteOne(row);
  }

  /** @param {Row} row */
  async deleteOne(row) {
    await this.#while(one(inWords(calledOf(row)), !!row.has_lead), async () => {
      await this.#showing([row.id], () => api("DELETE", `${BASE}/${encodeURIComponent(row.id)}`));
      this.#list.removeAndStay(row.id);
      return "The conversation is deleted.";
    });
  }

  /** @param {Frame} frame */
  heard(frame) {
    if (frame.type === "conversation.deleted" || frame.type === "conversation.changed") this.#countSoon();
    if (frame.type !== "cleanup" || frame.left === undefined || !frame.total) return;
    byId("cleanup").hidden = frame.left === 0;
    byId("cleanup-bar", HTMLProgressElement).value = 1 - frame.left / frame.total;
    setText(byId("cleanup-text"), progress({ left: frame.left, total: frame.total }));
    if (frame.left === 0) void this.#reload();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const id = /** @type {HTMLElement | null} */ (target?.closest("#rows > [data-id]"))?.dataset.id;
    if (!id || !target) return;
    if (target.matches('[data-part="tick"]')) this.#set(toggle(this.#selection, id, { order: this.#list.ids, range: event.shiftKey }));
    const row = target.closest('[data-part="trash"]') ? this.#list.row(id) : null;
    if (row) void this.deleteOne(row);
  }

  /** @param {import("./selection.js").Selection} selection */
  #set(selection) {
    this.#selection = selection;
    this.#all = null;
    this.#list.repaint();
  }

  /** @param {readonly string[]} order */
  #show(order) {
    const { size } = this.#selection.ids;
    const whole = size > 0 && size === order.length;
    const count = figure(this.#all?.count ?? size);
    byId("bulk").hidden = !size;
    byId("rows").toggleAttribute("data-ticked", size > 0);
    setText(byId("bulk-count"), size ? `${count} selected` : "");
    setText(/** @type {Element} */ (byId("bulk-delete").querySelector("span")), `Delete ${count} selected`);
    byId("bulk-all").hidden = whole && !this.#list.hasMore;
    const more = this.#all ? `Select only the ${figure(size)} shown` : "Select all that match, also those not loaded yet";
    setText(byId("bulk-matching"), whole ? more : `Select all ${figure(order.length)} shown`);
  }

  async #deleteTicked() {
    const ids = [...this.#selection.ids];
    if (!ids.length) return;
    if (this.#all) {
      const body = { matching: paramsOf(this.#view()), at: this.#all.at };
      return this.#while(several(this.#all.count, this.#all.leads), () => this.#bulk(body));
    }
    const rows = ids.map((id) => this.#list.row(id));
    const [first] = rows;
    const words = ids.length === 1 && first ? one(inWords(calledOf(first)), !!first.has_lead) : several(ids.length, rows.filter((row) => row?.has_lead).length);
    await this.#while(words, () => this.#showing(ids, () => this.#bulk({ ids })));
  }

  /** First all that are shown; then, as the server counts them, all that there are. */
  async #matching() {
    if (this.#all || this.#selection.ids.size < this.#list.ids.length) return this.#set(selectAll(this.#selection, this.#list.ids));
    const view = this.#view();
    const preview = await this.#ask(() => api("GET", `${BASE}/delete-preview?${new URLSearchParams(paramsOf(view))}`));
    if (!preview || this.#view() !== view || !this.#selection.ids.size) return;
    this.#all = preview;
    this.#list.repaint();
  }

  /** The rows look deleted while they are, and come back when that is refused. @template T @param {readonly string[]} ids @param {() => Promise<T>} request @returns {Promise<T>} */
  async #showing(ids, request) {
    const undo = this.#list.going(ids);
    try {
      return await request();
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** @param {object} body */
  async #bulk(body) {
    const { deleted, left } = await api("POST", `${BASE}/bulk-delete`, { body, limit_ms: LONG_MS });
    this.#set(NOTHING);
    await this.#reload();
    return told(deleted, left);
  }

  async #deleteEmpty() {
    const preview = await this.#ask(() => api("GET", `${BASE}/delete-preview?empty=1`));
    if (!preview) return;
    if (!preview.count) return this.#count();
    await this.#while(empty(preview.count, preview.leads), async () => {
      const { deleted, left } = await api("POST", `${BASE}/delete-empty`, { limit_ms: LONG_MS });
      await this.#reload();
      return told(deleted, left);
    });
  }

  /** One at a time, after it was confirmed; says what came of it. @param {import("./words.js").Words} words @param {() => Promise<string>} action */
  async #while(words, action) {
    if (this.#busy || byId("confirm", HTMLDialogElement).open || !(await confirm(words))) return;
    this.#busy = true;
    byId("bulk-delete", HTMLButtonElement).disabled = byId("delete-empty", HTMLButtonElement).disabled = true;
    const said = await this.#ask(action);
    byId("bulk-delete", HTMLButtonElement).disabled = byId("delete-empty", HTMLButtonElement).disabled = false;
    this.#busy = false;
    if (said) announce(said);
    this.#count();
  }

  /** @template T @param {() => Promise<T>} request @returns {Promise<T | null>} */
  async #ask(request) {
    try {
      byId("cleanup-wrong").hidden = true;
      return await request();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(byId("cleanup-wrong"), error.status === 404 ? "It was deleted already." : `That did not work. ${error.message}`);
      byId("cleanup-wrong").hidden = false;
      return null;
    }
  }

  #countSoon() {
    this.#counting ??= setTimeout(() => this.#count(), LOOK_AGAIN_MS);
  }

  /** How many there are in which nobody wrote. */
  async #count() {
    clearTimeout(this.#counting);
    this.#counting = undefined;
    const preview = await api("GET", `${BASE}/delete-preview?empty=1`).catch(() => null);
    if (!preview) this.#countSoon();
    const { name, title } = emptyButton(preview?.count);
    const button = byId("delete-empty");
    button.hidden = preview?.count === 0;
    button.title = title;
    setText(/** @type {Element} */ (button.querySelector("span")), name);
  }
}

const focusedRow = () => /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest("#rows > [data-id]"));

/** The tick in a row. @param {HTMLElement} row @param {boolean} ticked */
export function showTick(row, ticked) {
  const box = /** @type {HTMLInputElement} */ (part(row, "tick"));
  box.checked = ticked;
  row.toggleAttribute("data-ticked", ticked);
}

/** @param {number} deleted @param {number} [left] */
const told = (deleted, left) => `${conversations(deleted)} deleted${left ? ", and it goes on" : ""}.`;
