/** @import {Me} from "../types.js" */
/** @import {Transcript} from "./transcript.js" */
import { calledOf } from "../details/called.js";
import { byId, setText } from "../parts/dom.js";
import { figure } from "../figures/figures.js";
import { setIcon } from "../parts/icon.js";
import { growing } from "./growing.js";
import { setTime } from "../figures/live_times.js";
import { controls } from "./takeover.js";
import { hasWritten, shownStanding } from "./transcript.js";
import { botText } from "./wording.js";

/**
 * @typedef {object} DockActions
 * @property {(force: boolean) => Promise<boolean>} claim
 * @property {(note: string) => Promise<boolean>} release
 * @property {(text: string) => void} send
 * @property {(text: string) => void} typed on every change of the reply
 */

const ICONS = { bot: "bot", waiting: "hand", mine: "user-round", other: "user-round" };

/** In characters, as the server counts them. No `maxlength`: it would cut a pasted text short without a word. */
const LONGEST = 8_000;
const LONGEST_NOTE = 2_000;

/** What stands under the transcript: who answers, and what the operator may do about it. */
export class Dock {
  #root = byId("dock");
  #banner = byId("banner");
  #composer = byId("composer", HTMLFormElement);
  #handback = byId("handback", HTMLFormElement);
  #reply = byId("reply", HTMLTextAreaElement);
  #note = byId("note", HTMLTextAreaElement);
  #notice = byId("dock-notice");
  #me;
  #actions;
  /** @type {Transcript | null} */ #state = null;
  /** A reply is being written in a conversation that nobody holds. */
  #replying = false;
  #noting = false;
  #busy = false;
  /** A claim was lost, and nothing was chosen yet. */
  #isLost = false;

  /** @param {Me} me @param {DockActions} actions */
  constructor(me, actions) {
    this.#me = me;
    this.#actions = actions;
    byId("claim").addEventListener("click", () => this.claim());
    byId("take").addEventListener("click", () => this.take());
    byId("watch").addEventListener("click", () => this.watch());
    byId("reply-open").addEventListener("click", () => this.focusReply());
    byId("reply-cancel").addEventListener("click", () => this.escape());
    byId("release-open").addEventListener("click", () => this.handBack());
    byId("handback-cancel").addEventListener("click", () => this.escape());
    this.#reply.addEventListener("input", () => this.#typed());
    growing(this.#reply, 8);
    growing(this.#note, 4);
    this.#onSubmit(this.#composer, () => this.#send());
    this.#onSubmit(this.#handback, () => this.#release());
  }

  /** Another conversation: nothing of the last one stays. @param {Transcript} state @param {string} draft */
  reset(state, draft) {
    this.#replying = false;
    this.#noting = false;
    this.#busy = this.#isLost = false;
    this.#note.value = "";
    this.say("");
    this.setReply(draft);
    this.show(state);
    this.#replying = draft !== "" && this.#controls().mode !== "mine" && this.#controls().reply;
    this.show(state);
  }

  /** @param {Transcript} state */
  show(state) {
    this.#state = state;
    const { mode, claim, take, release, reply } = this.#controls();
    if (mode === "mine" || !reply) this.#replying = false;
    if (mode !== "mine") this.#noting = false;
    if (mode !== "other") this.#isLost = false;
    const composing = mode === "mine" || this.#replying;
    const hadFocus = document.activeElement !== null && this.#root.contains(document.activeElement);
    this.#root.dataset.mode = mode;
    this.#root.setAttribute("aria-busy", String(this.#busy));
    this.#banner.hidden = composing;
    this.#composer.hidden = !composing || this.#noting;
    this.#handback.hidden = !this.#noting;
    for (const [id, shown] of /** @type {const} */ ([["claim", claim], ["take", take], ["watch", this.#isLost], ["reply-open", reply], ["reply-cancel", this.#replying], ["release-open", release]])) {
      byId(id).hidden = !shown;
      byId(id, HTMLButtonElement).disabled = this.#busy;
    }
    this.#showBanner(mode);
    this.#showComposer(mode);
    if (hadFocus && !this.#root.contains(visibleFocus())) this.#root.focus();
  }

  /** @param {"claim" | "take" | "release" | "reply"} what */
  can(what) {
    return this.#controls()[what];
  }

  /** Take over what nobody holds. */
  claim() {
    return this.#controls().claim ? this.#ask(false) : undefined;
  }

  /** Take it from a colleague: by the button alone, no single key does that. */
  take() {
    return this.#controls().take ? this.#ask(true) : undefined;
  }

  /** Somebody else has it: go on following what happens, without answering. */
  watch() {
    this.#isLost = false;
    this.say("");
    this.#refresh();
    byId("transcript-scroll").focus();
  }

  handBack() {
    if (!this.#controls().release || this.#noting) return;
    this.#noting = true;
    this.#refresh();
    this.#note.focus();
  }

  /** Whether there is a composer to focus. */
  focusReply() {
    const { mode, reply } = this.#controls();
    if (!reply) return false;
    this.#replying = mode !== "mine";
    this.#noting = false;
    this.#refresh();
    this.#reply.focus();
    return true;
  }

  /** Whether Esc had something to close. */
  escape() {
    if (!this.#noting && !this.#replying) return false;
    const wasNoting = this.#noting;
    this.#noting = this.#replying = false;
    this.#refresh();
    if (wasNoting) this.#reply.focus();
    else byId("reply-open").focus();
    return true;
  }

  /** @param {string} text what happened and what to do; nothing to take it away */
  say(text) {
    setText(this.#notice, text);
    this.#notice.hidden = !text;
  }

  /** Somebody else has it now; whoever wanted it watches, or takes it if they may. @param {string} text */
  lost(text) {
    this.#isLost = true;
    this.say(text);
  }

  /** @param {string} text */
  setReply(text) {
    this.#reply.value = text;
    this.#reply.dispatchEvent(new Event("baton:resize"));
  }

  /** @param {boolean} force */
  async #ask(force) {
    const asked = this.#while(() => this.#actions.claim(force));
    this.focusReply();
    if (await asked) this.focusReply();
  }

  #controls() {
    return controls(this.#standing, this.#me);
  }

  get #standing() {
    return shownStanding(/** @type {Transcript} */ (this.#state), this.#me);
  }

  #refresh() {
    if (this.#state) this.show(this.#state);
  }

  /** @param {"bot" | "waiting" | "mine" | "other"} mode */
  #showBanner(mode) {
    const state = /** @type {Transcript} */ (this.#state);
    const visitor = calledOf(state.row, state.lead).name;
    const { holder, waitingSince, isPending } = this.#standing;
    const time = byId("banner-time");
    setIcon(/** @type {Element} */ (this.#banner.querySelector("svg")), ICONS[mode]);
    time.hidden = mode === "bot";
    if (mode === "bot") setText(byId("banner-text"), isPending ? "Handing back to the bot…" : botText(state, visitor));
    if (mode === "waiting") setText(byId("banner-text"), `${visitor} has waited`);
    if (mode === "other") setText(byId("banner-text"), `${holder?.name ?? "A colleague"} has this since`);
    if (mode === "waiting" && waitingSince) setTime(time, waitingSince, "lasting");
    if (mode === "other" && holder) setTime(time, holder.claimed_at, "clock");
    setText(byId("banner-end"), mode === "waiting" ? " for a person." : mode === "other" ? "." : "");
  }

  /** @param {"bot" | "waiting" | "mine" | "other"} mode */
  #showComposer(mode) {
    const state = /** @type {Transcript} */ (this.#state);
    const free = hasWritten(state) ? "The bot keeps answering until you send." : "The bot has this until you send.";
    const mine = mode === "mine";
    this.#composer.dataset.mine = String(mine);
    this.#reply.placeholder = `Write to ${calledOf(state.row, state.lead).name}`;
    setText(byId("composer-hint"), this.#standing.isPending ? "Taking over…" : mine ? "You have this. The bot is silent." : free);
    setText(byId("send").querySelector("span") ?? byId("send"), mine ? "Send" : "Reply and take over");
  }

  #typed() {
    this.say("");
    this.#actions.typed(this.#reply.value);
  }

  #send() {
    const text = this.#reply.value.trim();
    if (!text || !this.#controls().reply) return;
    if (this.#tooLong("A message", text, LONGEST)) return;
    this.setReply("");
    this.say("");
    this.#actions.send(text);
    this.#reply.focus();
  }

  /** @param {string} what @param {string} text @param {number} most */
  #tooLong(what, text, most) {
    const { length } = Array.from(text);
    if (length > most) this.say(`${what} has at most ${figure(most)} characters, and this one has ${figure(length)}.`);
    return length > most;
  }

  async #release() {
    const note = this.#note.value.trim();
    if (this.#tooLong("A note", note, LONGEST_NOTE)) return;
    if (!(await this.#while(() => this.#actions.release(note)))) return this.#keepNote(note);
    this.#note.value = "";
    this.#noting = false;
    this.#refresh();
    byId("claim").focus();
  }

  /** It was refused, and we still have it: the note is there to be sent again. @param {string} note */
  #keepNote(note) {
    if (this.#controls().mode !== "mine") return;
    this.#noting = true;
    this.#note.value = note;
    this.#refresh();
  }

  /** One request at a time. @param {() => Promise<boolean>} action */
  async #while(action) {
    if (this.#busy) return false;
    const of = this.#state?.id;
    this.#busy = true;
    this.say("");
    this.#refresh();
    const done = await action();
    if (this.#state?.id !== of) return false;
    this.#busy = false;
    this.#refresh();
    return done;
  }

  /** @param {HTMLFormElement} form @param {() => void} action */
  #onSubmit(form, action) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      action();
    });
  }
}

/** The focused element when it can be seen. */
const visibleFocus = () => (document.activeElement?.checkVisibility() ? document.activeElement : null);
