/** @import { Log } from "../types.js" */
import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";
import { moreView } from "./more.js";

/** Who is there: the agent's face and the person's lie on one another, and the hand-over is one fade between them. */
export class HeaderView {
  /**
   * @param {() => void} close
   * @param {() => void} dismiss Hides the chat for good.
   * @param {string} origin Pictures come from here or not at all: the site's visitors are nobody else's business.
   * @param {"picture" | "icon" | "initial"} looks What stands for the agent.
   */
  constructor(close, dismiss, origin, looks) {
    this.looks = looks;
    this.origin = origin;
    this.bot = face("bot");
    this.human = face("human");
    this.node = h(
      "header",
      { role: "none" },
      h("div", { class: "faces" }, this.bot.node, this.human.node),
      moreView(dismiss),
      h("button", { type: "button", class: "close", "aria-label": say("panel.close"), title: say("panel.close"), onclick: close }, icon("close")),
    );
  }

  /** @param {Log} log */
  update({ agent, holder }) {
    this.node.classList.toggle("held", Boolean(holder));
    const photo = this.looks === "picture" && picture(agent.avatar_url, this.origin);
    this.bot.update(agent.name, photo || (this.looks === "initial" ? initial(agent.name) : icon("bot")), !holder);
    // Of the person who hands back, the name stays until the fade is over.
    this.human.update(holder?.name ?? this.human.name, initial(holder?.name ?? this.human.name), Boolean(holder));
  }
}

/** The first letter, however many code units it takes. @param {string} name */
const initial = (name) => (Array.from(name.trim())[0] ?? "").toUpperCase();

/** What stands after a point is left out where there is no room for it. @param {string} text */
const parts = (text) => text.split(/(?<= )(?=·)/).map((part) => h("span", {}, part));

/** @param {"bot" | "human"} who */
function face(who) {
  const name = h("bdi", { class: "name" });
  const avatar = h("span", { class: "avatar", "aria-hidden": "true" });
  const node = h(
    "div",
    { class: `face face-${who}` },
    avatar,
    h("p", { class: "who" }, name, h("span", { class: "what" }, icon(who), ...parts(say(`header.${who}`)))),
  );
  return {
    node,
    name: "",
    /**
     * @param {string} newName
     * @param {Node | string} portrait
     * @param {boolean} shown
     */
    update(newName, portrait, shown) {
      node.setAttribute("aria-hidden", String(!shown));
      if (this.name === newName) return;
      this.name = newName;
      name.textContent = newName;
      avatar.replaceChildren(portrait);
    },
  };
}

/**
 * @param {string} url
 * @param {string} origin
 */
function picture(url, origin) {
  return url && URL.canParse(url, origin) && new URL(url, origin).origin === origin
    ? h("img", { src: new URL(url, origin).href, alt: "" })
    : null;
}
