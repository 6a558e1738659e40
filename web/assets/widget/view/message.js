/** @import { Item } from "../items.js" */
import { fold, isLong } from "../../shared/fold.js";
import { asTyped, blocks, decided } from "../../shared/markdown.js";
import { showBlocks } from "../../shared/rich_text.js";
import { fullTime, say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";
import { link } from "./link.js";
import { Reveal } from "./reveal.js";
import { sourceChips } from "./sources.js";

/** @typedef {{ retry(client_id: string): void, person(): void }} Actions */

/** As many letters as a line of a bubble holds, about. */
const COLUMNS = 48;
/** While a text grows its links lead nowhere: the next word may change where. @type {import("../../shared/rich_text.js").Makers} */
const growing = { link: (_, words) => words };

/** One bubble, with who speaks above and what became of it below. */
export class MessageView {
  #reveal = new Reveal((text) => showBlocks(this.#text, blocks(decided(text)), growing));
  #settled = "";
  #became = "";
  /** @type {Item["at"]} */ #at;
  #below = h("div", { class: "below" });
  /**
   * Each part of the text has its own direction; the bubble keeps the panel's, and with it its edge on the side it stands on. While it grows
   * nobody has it read out; the finished text takes its place, and is read once.
   */
  #text = h("div", { class: "rich", "aria-hidden": "true" });
  #bubble = h("div", { class: "bubble" }, this.#text);
  #author = h("p", { class: "author" });

  /**
   * @param {Item} item
   * @param {Actions} actions
   */
  constructor(item, actions) {
    this.actions = actions;
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
  #settle({ text = "", entry, speaker }) {
    this.#settled = text;
    const sources = entry?.sources ?? [];
    const grew = Boolean(this.#reveal.text);
    const finish = () => {
      const cited = sourceChips(sources);
      const whole = h("div", { class: "rich" });
      showBlocks(whole, speaker === "you" ? asTyped(text) : blocks(text, { sources: sources.length }), { link: (href, words) => [link(href, ...words)], cited });
      this.#text.replaceWith(whole);
      this.#text = whole;
      if (sources.length) this.#bubble.after(cited.node);
      // Who saw it grow is reading it.
      if (!grew && isLong(text, COLUMNS)) this.#fold(whole);
    };
    if (grew) this.#reveal.show(text, finish);
    else finish();
  }

  /** @param {HTMLElement} whole */
  #fold(whole) {
    const button = h("button", { type: "button", class: "plain fold" });
    fold(whole, button, { all: say("message.all"), less: say("message.less") });
    this.#bubble.after(button);
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
