/** @import { Log } from "../types.js" */
import { say } from "../strings.js";
import { h } from "./h.js";
import { icon } from "./icon.js";

/** Below the transcript: what happens next, in words, and the way to a person. */
export class NextView {
  /** @param {{ person(): void, leave(): void }} actions */
  constructor(actions) {
    this.words = h("p", { role: "status" });
    this.leave = h("button", { type: "button", class: "plain", onclick: actions.leave }, say("next.leave"));
    this.person = h("button", { type: "button", class: "plain ask", onclick: actions.person }, icon("human"), say("person.ask"));
    this.node = h("div", { class: "next" }, this.words, this.leave);
  }

  /**
   * @param {Log} log
   * @param {object} now
   * @param {boolean} now.lost Without a connection for longer than a blink.
   * @param {boolean} now.ended
   * @param {"none" | "open" | "sent"} now.lead Whether the visitor has left an address, or is about to.
   */
  update({ holder, waiting, team_online, pending }, { lost, ended, lead }) {
    const offline = waiting && !team_online;
    const words = ended
      ? say("next.ended")
      : lost
        ? say(pending.length ? "next.lost_unsent" : "next.lost")
        : waiting
          ? say(!offline ? "next.online" : lead === "sent" ? "next.reachable" : "next.offline")
          : "";
    if (this.words.textContent !== words) this.words.textContent = words;
    this.node.classList.toggle("trouble", lost || ended);
    this.node.hidden = !words;
    this.leave.hidden = !offline || lead !== "none" || lost || ended;
    this.person.hidden = Boolean(holder) || waiting || ended;
  }
}
