/** @import { Item } from "../items.js" */
/** @import { Log } from "../types.js" */
import { transcriptItems } from "../items.js";
import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";
import { lineView } from "./line.js";
import { MessageView } from "./message.js";
import { typingView } from "./typing.js";

/** Nearer to the end than this, the reader follows what comes in. */
const NEAR_PX = 48;
/** What moves sooner after a wheel, a finger, a key or a focus was moved by the reader. */
const READS_MS = 2_000;
const READS = ["wheel", "touchmove", "keydown", "pointerdown", "focusin"];

/** The log on the screen: keeps what stands there, adds what is new, follows its end while the reader is there. */
export class TranscriptView {
  /** @type {Map<string, { node: HTMLElement, update?(item: Item): void, stop?(): void }>} */ #views = new Map();
  #follows = true;
  #top = 0;
  #height = 0;
  #readAt = -Infinity;

  /**
   * @param {import("./message.js").Actions} actions
   * @param {() => HTMLElement} lead The form, once it is wanted.
   */
  constructor(actions, lead) {
    this.actions = actions;
    this.lead = lead;
    this.list = h("div", { class: "list" });
    this.newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => this.follow() }, icon("down"), say("log.newer"));
    this.log = h(
      "div",
      { class: "log", role: "log", "aria-live": "polite", "aria-label": say("log.label"), tabindex: "0", onscroll: () => this.#look() },
      this.list,
    );
    for (const act of READS) this.log.addEventListener(act, () => (this.#readAt = performance.now()), { passive: true });
    // A message that is unfolded is read from where it was folded.
    this.log.addEventListener("unfold", () => (this.#follows = false));
    this.node = h("div", { class: "transcript" }, this.log, this.newer);
    // Whatever grows or shrinks is followed here, once a frame, when it is laid out anyway.
    this.sizes = new ResizeObserver(() => this.#resized());
    this.sizes.observe(this.list);
    this.sizes.observe(this.log);
  }

  /**
   * @param {Log} log
   * @param {number | null} leadAfter
   */
  update(log, leadAfter) {
    const items = transcriptItems(log, leadAfter);
    const last = this.list.lastElementChild;
    this.log.setAttribute("aria-busy", String(Boolean(log.stream)));
    this.#discard(new Set(items.map(({ key }) => key)));
    items.forEach((item, index) => this.#place(item, index, log));
    if (!this.#follows && this.list.lastElementChild !== last) this.newer.hidden = false;
  }

  /** To the end, and stay there. */
  follow() {
    this.#follows = true;
    this.newer.hidden = true;
    requestAnimationFrame(() => this.#follows && this.#toEnd());
  }

  stop() {
    this.sizes.disconnect();
    for (const { stop } of this.#views.values()) stop?.();
  }

  /** @param {Set<string>} kept */
  #discard(kept) {
    for (const [key, { node, stop }] of this.#views) {
      if (kept.has(key)) continue;
      stop?.();
      node.remove();
      this.#views.delete(key);
    }
  }

  /**
   * @param {Item} item
   * @param {number} index
   * @param {Log} log
   */
  #place(item, index, log) {
    const view = this.#views.get(item.key) ?? this.#create(item, log);
    this.#views.set(item.key, view);
    view.update?.(item);
    const there = this.list.children[index] ?? null;
    if (there !== view.node) this.list.insertBefore(view.node, there);
  }

  /**
   * @param {Item} item
   * @param {Log} log
   * @returns {{ node: HTMLElement, update?(item: Item): void, stop?(): void }}
   */
  #create(item, log) {
    switch (item.kind) {
      case "message":
        return new MessageView(item, this.actions);
      case "typing":
        return { node: typingView(item) };
      case "lead":
        return { node: this.lead() };
      default:
        return { node: lineView(item, log) };
    }
  }

  /** Only a reader leaves the end. A composer that shrinks, a form that goes, a phone that is turned move it up as well, and it is followed. */
  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) this.#follows = true;
    else if (scrollTop < this.#top && clientHeight === this.#height && performance.now() - this.#readAt < READS_MS) this.#follows = false;
    this.#top = scrollTop;
    this.#height = clientHeight;
    if (this.#follows) this.newer.hidden = true;
  }

  /** A field that is written in stays in view: a keyboard may have come over it. */
  #resized() {
    const field = this.list.querySelector(":is(input, textarea):focus");
    if (field) field.scrollIntoView({ block: "nearest" });
    else if (this.#follows) this.#toEnd();
  }

  /** Of a form that is higher than what there is to see the beginning is shown, and it stays where it is written in. */
  #toEnd() {
    const form = this.#views.get("lead")?.node;
    if (form?.matches(":focus-within")) return;
    const end = this.log.scrollHeight - this.log.clientHeight;
    const isLast = form && this.list.lastElementChild === form;
    const start = isLast ? this.log.scrollTop + form.getBoundingClientRect().top - this.log.getBoundingClientRect().top : end;
    this.log.scrollTop = Math.min(end, start);
  }
}
