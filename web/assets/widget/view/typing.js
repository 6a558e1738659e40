/** @import { Item } from "../items.js" */
import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";

/** @param {Item} item */
export function typingView({ speaker, name = "" }) {
  return h(
    "div",
    { class: `message from-${speaker} first typing`, "aria-hidden": "true", title: say("message.typing", { name }) },
    h("p", { class: "author" }, icon(speaker === "human" ? "human" : "bot"), h("bdi", {}, name)),
    h("div", { class: "bubble" }, h("i"), h("i"), h("i")),
  );
}
