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
   * @param {boolean} now.reachable The visitor has left an address.
   */
  update({ holder, waiting, team_online, pending }, { lost, ended, reachable }) {
    const offline = waiting && !team_online && !reachable;
    const words = ended
      ? say("next.ended")
      : lost
        ? say(pending.length ? "next.lost_unsent" : "next.lost")
        : waiting
          ? say(offline ? "next.offline" : "next.online")
          : "";
    if (this.words.textContent !== words) this.words.textContent = words;
    this.node.classList.toggle("trouble", lost || ended);
    this.node.hidden = !words;
    this.leave.hidden = !offline || lost || ended;
    this.person.hidden = Boolean(holder) || waiting || ended;
  }
}
