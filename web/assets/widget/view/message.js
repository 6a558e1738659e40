/** @import { Item } from "../items.js" */
import { fullTime, say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";
import { link } from "./link.js";
import { pieces } from "./pieces.js";
import { Reveal } from "./reveal.js";
import { sourceChips } from "./sources.js";

/** @typedef {{ retry(client_id: string): void, person(): void }} Actions */

/** One bubble, with who speaks above and what became of it below. */
export class MessageView {
  #reveal = new Reveal();
  #settled = "";
  #became = "";
  /** @type {Item["at"]} */ #at;
  #below = h("div", { class: "below" });
  /** The text has its own direction; the bubble keeps the panel's, and with it its edge on the side it stands on. */
  #text = h("p", { dir: "auto" });
  #bubble = h("div", { class: "bubble" }, this.#text);
  #author = h("p", { class: "author" });

  /**
   * @param {Item} item
   * @param {Actions} actions
   */
  constructor(item, actions) {
    this.actions = actions;
    // While it grows nobody has it read out; the finished text takes its place, and is read once.
    this.#text.append(h("span", { "aria-hidden": "true" }, this.#reveal.node));
    this.node = h("div", { class: `message from-${item.speaker}` }, this.#author, this.#bubble, this.#below);
    if (item.speaker === "you") this.#author.append(say("message.you"));
    else this.#author.append(icon(item.speaker === "human" ? "human" : "bot"), h("bdi", {}, item.name ?? ""));
    this.#author.classList.toggle("unseen", item.speaker === "you");
    // Told to who points at it: a browser's first date takes a slow phone 100 ms.
    this.#bubble.addEventListener("pointerenter", () => this.#at && (this.#bubble.title = fullTime(new Date(this.#at))));
  }

  stop = () => this.#reveal.stop();

  /** @param {Item} item */
  update(item) {
    this.node.classList.toggle("first", Boolean(item.first));
    this.node.classList.toggle("streaming", Boolean(item.streaming));
    this.#at = item.at;
    if (item.streaming) this.#reveal.show(item.text ?? "");
    else if (this.#settled !== item.text) this.#settle(item);
    // Only what changed is put there: it would be read out again, and a button lose its focus.
    const became = [item.failed?.client_id, item.failed?.reason, item.delivery, item.offer].join();
    if (this.#became !== became) this.#below.replaceChildren(...this.#outcome(item));
    this.#became = became;
  }

  /** The whole text is here: when the last of it shows, links and sources come to life. @param {Item} item */
  #settle(item) {
    const { text = "", entry } = item;
    this.#settled = text;
    const finish = () => {
      const sources = entry?.sources ?? [];
      const chips = sources.length ? sourceChips(sources) : null;
      // A citation stays on the line of the word before it.
      const rich = pieces(text.replace(/ (?=\[\d)/g, "\u00a0"), sources.length);
      this.#text.replaceChildren(...rich.map((piece) => render(piece, chips)));
      if (chips) this.#bubble.after(chips.node);
    };
    if (this.#reveal.node.data) this.#reveal.show(text, finish);
    else finish();
  }

  /** @param {Item} item */
  #outcome({ failed, delivery, offer }) {
    if (failed) {
      return [
        h("span", { class: "failed" }, `${say("message.failed")} ${failed.reason ?? ""}`),
        h("button", { type: "button", class: "plain", onclick: () => this.actions.retry(failed.client_id) }, say("message.retry")),
      ];
    }
    if (delivery) return [h("span", { class: "delivery" }, say(`message.${delivery}`))];
    if (offer) {
      return [h("button", { type: "button", class: "offer", onclick: this.actions.person }, icon("human"), say("person.ask"))];
    }
    return [];
  }
}

/**
 * @param {import("./pieces.js").Piece} piece
 * @param {{ toggle(number: number): void } | null} chips
 */
function render({ text, href, cite }, chips) {
  if (href) return link(href, text);
  if (!cite) return document.createTextNode(text);
  return h("button", { type: "button", class: "cite", onclick: () => chips?.toggle(cite) }, String(cite));
}
