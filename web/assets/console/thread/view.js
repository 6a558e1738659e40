/** @import {ApiError} from "../connection/api.js" */
/** @import {Transcript} from "./transcript.js" */
/** @import {Me} from "../types.js" */
import { showBadge } from "../list/badge_view.js";
import { calledOf, inWords, showProof } from "../details/called.js";
import { showDetails } from "../details/view.js";
import { byId, clone, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";
import { Tail } from "./tail.js";
import { setTitle } from "../page/title.js";
import { setTime } from "../figures/live_times.js";
import { hasOlder, shownStanding } from "./transcript.js";
import { showTranscript } from "./transcript_view.js";
import { presenceText, typingText } from "./wording.js";

/** @typedef {{retry: (clientId: string) => void, discard: (clientId: string) => void, older: () => void}} ThreadActions */

/** The second pane: head, transcript, and the details beside it. */
export class ThreadView {
  #me;
  #actions;
  #tail = new Tail(byId("transcript-scroll"), byId("jump"));
  #log = byId("transcript");
  #live = byId("log");

  /** @param {Me} me @param {ThreadActions} actions */
  constructor(me, actions) {
    this.#me = me;
    this.#actions = actions;
    byId("older").addEventListener("click", actions.older);
  }

  none() {
    this.#only("thread-none");
    this.#log.replaceChildren();
    setTitle(`${place()} · Baton`);
  }

  loading() {
    this.#only("thread-loading");
  }

  /** @param {ApiError} error */
  failed(error) {
    const gone = error.status === 404;
    const deleted = error.code === "deleted";
    const box = byId("thread-gone");
    this.#only("thread-gone");
    setText(/** @type {Element} */ (box.querySelector("h2")), deleted ? "This conversation was deleted" : gone ? "This conversation is gone" : "Couldn't open this conversation");
    setText(/** @type {Element} */ (box.querySelector("p")), deleted ? "It cannot be brought back. If the visitor writes again, that is a new conversation." : gone ? "It was deleted, or the address is wrong." : error.message);
    byId("thread-retry").hidden = gone;
  }

  /** A conversation is opened: what stands in it already is not news to a screen reader. @param {Transcript} state */
  start(state) {
    this.#only("thread-open");
    this.#live.setAttribute("aria-live", "off");
    this.#log.replaceChildren();
    this.older({});
    this.show(state);
    this.toEnd();
    requestAnimationFrame(() => this.#live.setAttribute("aria-live", "polite"));
  }

  /** @param {Transcript} state */
  show(state) {
    const called = calledOf(state.row, state.lead);
    const userId = this.#me.user.id;
    this.#tail.around(() => {
      showTranscript(this.#log, state, { ...this.#actions, userId });
      setText(byId("typing"), typingText(state, userId, called.name));
    });
    byId("older").hidden = !hasOlder(state);
    this.#showHead(state, called);
    showDetails(state, userId);
    setTitle(`${inWords(called)} · ${place()} · Baton`);
  }

  /** Who it is, where they are, and who has it since when. @param {Transcript} state @param {import("../details/called.js").Called} called */
  #showHead(state, called) {
    const { row, lead } = state;
    const standing = shownStanding(state, this.#me);
    const since = standing.holder?.claimed_at ?? standing.waitingSince;
    const line = byId("thread-since");
    setText(byId("thread-name"), called.name);
    showProof(/** @type {Element} */ (byId("thread-name").parentElement), called);
    setText(byId("thread-reach"), [lead?.email, lead?.phone].find((each) => each && each !== called.name) ?? "");
    showPresence(state);
    showBadge(byId("thread-badge"), badgeOf(row, standing));
    byId("thread-badge").toggleAttribute("data-pending", standing.isPending);
    line.hidden = !since || standing.isPending;
    setText(/** @type {Element} */ (line.firstElementChild), standing.holder ? "since" : "for");
    if (since) setTime(/** @type {Element} */ (line.lastElementChild), since, standing.holder ? "clock" : "lasting");
    this.#showWatchers(state);
  }

  /** How the request for earlier messages stands. @param {{busy?: boolean, wrong?: string}} how `wrong`: why they did not come */
  older({ busy = false, wrong = "" }) {
    const button = byId("older", HTMLButtonElement);
    const why = byId("older-wrong");
    button.disabled = busy;
    button.setAttribute("aria-busy", String(busy));
    if (!busy) setText(button, wrong ? "Try again" : "Show earlier messages");
    why.hidden = !wrong;
    setText(why, wrong && `Couldn't load earlier messages. ${wrong}`);
  }

  toEnd() {
    this.#tail.toEnd();
  }

  /** Put older messages in above without moving what is being read. @param {() => void} change */
  keepingPlace(change) {
    this.#tail.keepingPlace(change);
  }

  /** @param {Transcript} state */
  #showWatchers({ operators }) {
    const others = operators.filter((each) => each.user_id !== this.#me.user.id);
    byId("watchers").hidden = !others.length;
    reconcile(byId("watchers"), others, {
      key: (each) => each.user_id ?? each.name,
      create: () => clone("watcher-template"),
      update: (element, { name }) => {
        element.title = `${name} is looking at this`;
        element.setAttribute("aria-label", name);
        setText(element, [...name][0]?.toUpperCase() ?? "?");
      },
    });
  }

  /** @param {string} shown */
  #only(shown) {
    for (const id of ["thread-none", "thread-gone", "thread-loading", "thread-open"]) byId(id).hidden = id !== shown;
    byId("details").hidden = shown !== "thread-open";
  }
}

const place = () => (document.body.dataset.page === "inbox" ? "Inbox" : "Conversations");

/** Where the visitor is now, or was last; nothing is said of what is not known yet. @param {Transcript} state */
function showPresence(state) {
  const page = state.pages[0] ?? state.row.page;
  const online = byId("thread-online");
  setText(byId("thread-page"), page?.title || page?.url || "");
  online.dataset.online = String(state.visitorOnline);
  setText(online, presenceText(state));
}

/** The row's badge, unless the log is ahead of the row. @param {Transcript["row"]} row @param {ReturnType<typeof shownStanding>} standing @returns {Transcript["row"]["badge"]} */
function badgeOf(row, { holder, waitingSince }) {
  if (holder) return { kind: "human", label: holder.name };
  if (waitingSince) return { kind: "waiting", label: "Waiting" };
  return row.badge.kind === "bot" ? row.badge : { kind: "bot", label: "AI" };
}
