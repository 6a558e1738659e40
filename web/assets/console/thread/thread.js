/** @import {Frame, Lead, Me, Opened, Row} from "../types.js" */
/** @import {Channels} from "../connection/channels.js" */
/** @import {Transcript} from "./transcript.js" */
import { Typing } from "../../shared/typing.js";
import { announce } from "../parts/announce.js";
import { ApiError, api } from "../connection/api.js";
import { Dock } from "./dock.js";
import { byId } from "../parts/dom.js";
import { drafts } from "./drafts.js";
import { ReadMarks } from "./read_marks.js";
import { Replies } from "./replies.js";
import { browserClock } from "../../shared/browser_clock.js";
import { ThreadView } from "./view.js";
import { applyFrame, applyRow, describe, disconnected, dropPending, prepend, setPending, transcriptFrom } from "./transcript.js";

const AGAIN_MS = 3_000;
const PAGE = 200;

/** The opened conversation: its log, what the operator does with it, and what is seen of it. */
export class Thread {
  /** @type {Transcript | null} */ #state = null;
  /** The id that was asked for last; answers for another one come too late. @type {string | null} */ #wanted = null;
  #me;
  #channels;
  #onRow;
  #dock;
  #view;
  #typing;
  #replies;
  #painting = false;
  #marks;
  /** The connection was lost, so the next answer to a subscription tells what was missed. */
  #wasLost = false;
  /** Told of what is opened, and of every change of it. @type {(row: Row | null) => void} */
  shown = () => {};
  /** Told that a draft, or what could not be sent, is another now. */
  drafted = () => {};
  /** Told how many entries a lost connection had kept from us. @type {(count: number) => void} */
  missed = () => {};

  /** @param {Me} me @param {Channels} channels @param {(row: Row) => void} onRow a row that an answer brought */
  constructor(me, channels, onRow) {
    this.#me = me;
    this.#channels = channels;
    this.#onRow = onRow;
    this.#dock = new Dock(me, {
      claim: (force) => this.#claim(force),
      release: (note) => this.#release(note),
      send: (text) => this.#send(text),
      typed: (text) => this.#typed(text),
    });
    this.#replies = new Replies({
      change: (id, pending) => this.#change(id, (state) => setPending(state, pending)),
      drop: (id, clientId) => this.#change(id, (state) => dropPending(state, clientId)),
      row: (row) => this.#took(row),
      refused: (id, text, error) => this.#replyRefused(id, text, error),
    });
    this.#view = new ThreadView(me, {
      retry: (clientId) => this.#retry(clientId),
      discard: (clientId) => this.#wanted && this.#replies.discard(this.#wanted, clientId),
      older: () => this.#older(),
    });
    this.#typing = new Typing((frame) => this.#state && channels.send({ ...frame, channel: channelOf(this.#state.id) }), browserClock);
    this.#marks = new ReadMarks({
      userId: me.user.id,
      visible: () => document.visibilityState === "visible",
      tell: (id, seq) => api("POST", `${pathOf(id)}/read`, { body: { seq } }),
      clock: browserClock,
    });
    document.addEventListener("visibilitychange", () => this.#marks.look(this.#state));
    byId("thread-retry").addEventListener("click", () => this.#wanted && this.open(this.#wanted));
  }

  get id() {
    return this.#wanted;
  }

  /** What the lists know of the opened one. */
  get row() {
    return this.#state?.row ?? null;
  }

  get dock() {
    return this.#state ? this.#dock : null;
  }

  /** @param {string} id @param {Opened | Promise<Opened> | null} [opened] what the page brought along, or asked for already */
  async open(id, opened = null) {
    this.close();
    this.#wanted = id;
    this.#view.loading();
    try {
      const answer = await (opened ?? api("GET", pathOf(id)));
      if (this.#wanted === id) this.#start(answer);
    } catch (error) {
      if (this.#wanted === id) this.#view.failed(error instanceof ApiError ? error : new ApiError(0, {}));
    }
  }

  close() {
    this.#typing.stop();
    if (this.#wanted) this.#channels.unsubscribe(channelOf(this.#wanted));
    this.#wanted = this.#state = null;
    this.#view.none();
    this.shown(null);
    this.#marks.look(null);
  }

  /** The list learnt of it first. @param {Row} row */
  rowChanged(row) {
    if (row.id === this.#state?.id) this.#set(describe(this.#state, row));
  }

  /** The visitor of this conversation left an address, or another. @param {Lead} lead */
  leadCaptured(lead) {
    if (lead.conversation_id === this.#state?.id) this.#set({ ...this.#state, lead });
  }

  /** What was asked for is not there. @param {ApiError} error */
  missing(error) {
    this.close();
    this.#view.failed(error);
  }

  disconnected() {
    this.#wasLost = true;
    if (this.#state) this.#set(disconnected(this.#state));
  }

  deleted() {
    if (!this.#wanted) return;
    this.#channels.unsubscribe(channelOf(this.#wanted));
    this.#state = null;
    this.#view.failed(new ApiError(404, { code: "deleted" }));
    this.shown(null);
    this.#marks.look(null);
  }

  /** @param {Opened} opened */
  #start(opened) {
    const { id } = opened.conversation;
    const store = drafts(id);
    this.#state = this.#replies.restore(transcriptFrom(opened));
    this.#view.start(this.#state);
    this.shown(this.#state.row);
    this.#marks.look(this.#state);
    this.#dock.reset(this.#state, store.read());
    this.#channels.subscribe(channelOf(id), { onFrame: (frame) => this.#receive(frame), after: () => this.#state?.top ?? 0 });
  }

  /** @param {Frame} frame */
  #receive(frame) {
    const before = this.#state;
    if (!before) return;
    if (frame.type === "error") return this.#notSubscribed(before.id, frame.code);
    const state = applyFrame(before, frame);
    if (state.deleted) return this.deleted();
    if (frame.type === "subscribed" && this.#wasLost) {
      this.#wasLost = false;
      this.missed(state.top - before.top);
    }
    if (state.behind && (!before.behind || frame.type === "heartbeat")) this.#channels.resume(channelOf(state.id));
    if (before.holder?.user_id !== state.holder?.user_id && state.holder?.user_id !== this.#me.user.id) this.#lost(before, state);
    this.#set(state);
  }

  /** @param {string} id @param {string | undefined} code */
  #notSubscribed(id, code) {
    if (code === "not_found") this.deleted();
    if (code === "unavailable") setTimeout(() => this.#state?.id === id && this.#channels.resume(channelOf(id)), AGAIN_MS);
  }

  /** Somebody else has it now: say so when that took something from us. @param {Transcript} before @param {Transcript} state */
  #lost(before, state) {
    const mine = before.holder?.user_id === this.#me.user.id;
    const draft = drafts(state.id).read() ? " Your draft is kept." : "";
    this.#typing.stop();
    if (mine && state.holder) this.#dock.lost(`${state.holder.name} took this over from you.${draft}`);
    else if (mine && state.entries.at(-1)?.author?.user_id !== this.#me.user.id) this.#dock.say(`This was handed back to the bot for you.${draft}`);
    else if ((draft || before.intent === "claim") && state.holder) this.#dock.lost(`${state.holder.name} was first and has this now.${draft}`);
  }

  /** Every change ends here; what is seen follows once per turn of the loop. @param {Transcript} state */
  #set(state) {
    if (state === this.#state) return;
    this.#state = state;
    if (this.#painting) return;
    this.#painting = true;
    queueMicrotask(() => {
      this.#painting = false;
      this.#paint();
    });
  }

  #paint() {
    if (!this.#state) return;
    this.#view.show(this.#state);
    this.#dock.show(this.#state);
    this.shown(this.#state.row);
    this.#marks.look(this.#state);
  }

  /** @param {string | null} id @param {(state: Transcript) => Transcript} change */
  #change(id, change) {
    this.drafted();
    if (this.#state && this.#state.id === id) this.#set(change(this.#state));
  }

  /** @param {Row} row */
  #took(row) {
    if (row.id === this.#state?.id) this.#set(applyRow(this.#state, row));
    this.#onRow(row);
  }

  /** @param {boolean} force @returns {Promise<boolean>} */
  async #claim(force) {
    const done = await this.#ask("claim", force ? { force: true } : {});
    if (done) announce("You took over. The bot is silent.");
    return done;
  }

  /** @param {string} note @returns {Promise<boolean>} */
  async #release(note) {
    this.#typing.stop();
    const done = await this.#ask("release", note ? { note } : {});
    if (done) announce("You handed back to the bot.");
    return done;
  }

  /** @param {"claim" | "release"} action @param {object} body */
  async #ask(action, body) {
    const id = this.#state?.id;
    if (!id) return false;
    this.#intend(action);
    try {
      const { conversation } = await api("POST", `${pathOf(id)}/${action}`, { body });
      this.#intend(null, id);
      this.#took(conversation);
      return true;
    } catch (error) {
      this.#intend(null, id);
      if (error instanceof ApiError && this.#state?.id === id) this.#refused(error);
      return false;
    }
  }

  /** What is asked for is shown as done, at once; whatever the answer is undoes that or makes it so. @param {Transcript["intent"]} intent */
  #intend(intent, id = this.#state?.id) {
    if (!this.#state || this.#state.id !== id) return;
    this.#state = { ...this.#state, intent };
    if (intent) this.#paint();
  }

  /** The server knows better: show who won, and catch up. @param {ApiError} error */
  #refused(error) {
    const state = /** @type {Transcript} */ (this.#state);
    if (error.status === 404) return this.deleted();
    if (error.holder) {
      const draft = drafts(state.id).read() ? " Your draft is kept." : "";
      if (error.holder.user_id !== this.#me.user.id) this.#dock.lost(`${error.holder.name} was first and has this now.${draft}`);
      this.#set({ ...state, holder: error.holder, waitingSince: null });
    } else if (error.code === "not_claimed") {
      this.#dock.say("It was handed back already.");
      this.#set({ ...state, holder: null });
    } else {
      this.#dock.say(`That did not work. ${error.message}`);
      this.#set({ ...state });
    }
    this.#channels.resume(channelOf(state.id));
  }

  /** @param {string} text */
  #send(text) {
    if (!this.#state) return;
    drafts(this.#state.id).write("");
    this.drafted();
    this.#typing.sent();
    this.#view.toEnd();
    this.#replies.send(this.#state.id, text);
  }

  /** @param {string} clientId */
  #retry(clientId) {
    const pending = this.#state?.pending.find((each) => each.client_id === clientId);
    if (this.#state && pending) this.#replies.retry(this.#state.id, pending);
  }

  /** The text is not lost: it is in the composer again. @param {string} id @param {string} text @param {ApiError} error */
  #replyRefused(id, text, error) {
    const store = drafts(id);
    store.write([text, store.read()].filter(Boolean).join("\n"));
    if (this.#state?.id !== id) return;
    this.#refused(error);
    if (!this.#state) return;
    this.#dock.setReply(store.read());
    if (error.holder) this.#dock.lost(`${error.holder.name} was first and has this now. Your reply was not sent; it is kept as a draft.`);
  }

  /** @param {string} text */
  #typed(text) {
    if (!this.#state) return;
    drafts(this.#state.id).write(text);
    this.drafted();
    if (text.trim()) this.#typing.input();
    else this.#typing.stop();
  }

  async #older() {
    const state = this.#state;
    const first = state?.entries[0]?.seq;
    if (!state || !first) return;
    this.#view.older({ busy: true });
    try {
      const { entries } = await api("GET", `${pathOf(state.id)}/messages?before=${first}&limit=${PAGE}`);
      if (this.#state?.id !== state.id) return;
      this.#view.older({});
      this.#view.keepingPlace(() => this.#showNow(prepend(/** @type {Transcript} */ (this.#state), entries)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#state?.id === state.id) this.#view.older({ wrong: error.message });
    }
  }

  /** @param {Transcript} state */
  #showNow(state) {
    this.#state = state;
    this.#view.show(state);
  }
}

/** @param {string} id */
const channelOf = (id) => `conversation.${id}`;

/** @param {string} id */
const pathOf = (id) => `/app/conversations/${encodeURIComponent(id)}`;
