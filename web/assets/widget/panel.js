/** @import { Context, Facts, LeadCause, Log } from "./types.js" */
import { browserClock } from "../shared/browser_clock.js";
import { draftOf } from "./draft.js";
import { Session } from "./session.js";
import { direction, say, speak } from "./strings.js";
import { painted, pause } from "./tasks.js";
import { ComposerView } from "./view/composer.js";
import { h } from "./view/h.js";
import { HeaderView } from "./view/header.js";
import { LeadFormView } from "./view/lead_form.js";
import { NextView } from "./view/next.js";
import { applyStyles } from "./view/styles.js";
import { SuggestionsView } from "./view/suggestions.js";
import { TranscriptView } from "./view/transcript.js";
import { followViewport } from "./view/viewport.js";

/** A connection that is gone for less than this is nobody's business. */
const BLINK_MS = 2_000;
const MOVED_MS = 300;

/**
 * The chat's panel. The loader makes one, and shows and hides it from then on.
 *
 * Its element has a name but is no custom element: a name can be defined once a page, and a page may load a newer Baton.
 */
export class BatonPanel {
  #stop = new AbortController();
  /** @type {number | null} The seq below which the lead form stands. */ #leadAfter = null;
  /** @type {LeadCause} */ #leadCause = { source: "form" };
  /** @type {LeadFormView | undefined} Made when it is wanted: most never are, and its fields are much of a panel. */ #form;
  #filled = false;
  #lost = false;
  #started = false;
  #shown = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #lostTimer;

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    speak(context.boot.language, contentOf("widget/locales/{language}.json"));
    this.host = document.createElement("baton-panel");
    this.session = new Session({
      context,
      clock: browserClock,
      storage: () => localStorage,
      locks: navigator.locks,
      onchange: () => this.#changed(),
      onwanted: (seq) => this.showLeadForm({ source: "request" }, seq),
    });
    this.draft = draftOf(context.key);
    const person = () => {
      this.session.askForPerson();
      this.transcript.follow();
    };
    this.header = new HeaderView(context.close, context.dismiss, context.base.origin, context.boot.appearance.face);
    this.transcript = new TranscriptView({ retry: (id) => this.session.retry(id), person }, () => this.lead.node);
    this.suggestions = new SuggestionsView(context.boot.appearance.questions, (text) => this.#send(text));
    this.next = new NextView({ person, leave: () => this.showLeadForm({ source: "request" }) && this.lead.focus() });
    this.composer = new ComposerView({ send: (text) => this.#send(text), input: (text) => this.#typed(text) });
    this.composer.fill(this.draft.read());
    const { theme } = context.options;
    this.panel = h(
      "section",
      { class: "panel theme unseen", role: "dialog", tabindex: "-1", "data-theme": theme === "light" || theme === "dark" ? theme : null, lang: context.boot.language, dir: direction() },
      this.header.node,
      this.transcript.node,
      this.suggestions.node,
      this.next.node,
    );
    this.footer = h("footer", { role: "none" }, this.composer.node, this.next.person);
  }

  get lead() {
    return (this.#form ??= new LeadFormView(
      this.context.boot.lead_form,
      this.context.user,
      (fields) => this.session.submitLead(fields, this.#leadCause),
      () => this.#skipLead(),
    ));
  }

  /**
   * In tasks of their own, because on a slow phone all of it is too much for one frame: the header, then the composer, and when this is
   * done, which is as soon as it can be shown, what is said between them. Laid out as well, unseen, so that showing it is not much more
   * than painting.
   */
  async build() {
    const { signal } = this.#stop;
    await pause();
    const root = this.host.attachShadow({ mode: "open" });
    applyStyles(root, this.context.nonce, this.context.options.style);
    await pause();
    if (signal.aborted) return;
    // Before there is anything to lay out: it asks the browser for a height, which would not wait.
    signal.addEventListener("abort", followViewport(root));
    this.panel.dataset.side = this.#side();
    this.header.update(this.session.log);
    root.append(this.panel);
    this.#listen();
    await this.#laidOut();
    this.panel.append(this.footer);
    // Pressed already: what is ready may be seen.
    if (this.context.isOpen()) this.panel.classList.remove("unseen");
    await this.#laidOut();
    void this.#fill();
  }

  async #fill() {
    await (this.context.isOpen() ? painted() : pause());
    if (this.#stop.signal.aborted) return;
    this.#filled = true;
    this.#render();
    await this.#laidOut();
  }

  async #laidOut() {
    await pause();
    void this.panel.offsetHeight;
    await pause();
  }

  start() {
    if (this.#started || this.#stop.signal.aborted) return;
    this.#started = true;
    this.session.start();
  }

  /** @param {boolean} focus Whether a person opened it, and wants to write. */
  show(focus) {
    this.#shown = true;
    this.host.hidden = false;
    this.panel.classList.remove("unseen");
    this.panel.dataset.side = this.#side();
    this.transcript.follow();
    if (this.#filled) this.#render();
    this.composer.fit();
    // A phone's keyboard would cover what there is to read: there, the visitor touches the field.
    if (focus && matchMedia("(pointer: coarse)").matches) this.panel.focus({ preventScroll: true });
    else if (focus) this.composer.focus();
    void painted().then(() => this.start());
  }

  /** Where the launcher is. The end of a line is the page's: the panel's own language may run the other way. */
  #side() {
    const { position } = this.context.options;
    if (position === "left" || position === "right") return position;
    return (position === "start") === (getComputedStyle(this.host).direction === "rtl") ? "right" : "left";
  }

  hide() {
    this.#shown = false;
    this.host.hidden = true;
    this.session.typing.stop();
  }

  /** @param {string} text */
  prefill(text) {
    this.composer.fill(text);
    this.draft.write(text);
  }

  /**
   * Puts the form into the thread, where a person does not talk already. Nothing but the visitor shows it twice.
   *
   * @param {LeadCause} [cause]
   * @param {number} [after] The seq of what it is about; the newest when left out.
   * @returns {boolean} Whether it stands there.
   */
  showLeadForm(cause, after = this.session.log.seq) {
    const { log, lead } = this.session;
    const again = this.#leadAfter === null || lead.state === "sent";
    if (cause && (log.holder || (cause.source === "rule" && (log.waiting || lead.state === "sent")))) return false;
    if (again) {
      this.#leadCause = cause ?? { source: "form" };
      this.#leadAfter = after;
      this.session.lead = { state: "none", errors: {}, updated: false };
      this.lead.renew();
    }
    this.transcript.follow();
    this.#render();
    if (!cause) this.lead.focus();
    return true;
  }

  look() {
    this.context.facts(factsOf(this.session.log));
  }

  stop() {
    this.#stop.abort();
    this.session.stop();
    this.transcript.stop();
    clearTimeout(this.#lostTimer);
    this.host.remove();
  }

  #listen() {
    const { signal } = this.#stop;
    const back = () => document.visibilityState === "visible" && (this.session.wake(), this.#render());
    addEventListener("online", () => this.session.wake(), { signal });
    document.addEventListener("visibilitychange", back, { signal });
    // A page that changes without loading: it names itself a moment after its address.
    const moved = () => setTimeout(() => signal.aborted || this.session.moved(), MOVED_MS);
    addEventListener("popstate", moved, { signal });
    /** @type {{ navigation?: EventTarget }} */ (window).navigation?.addEventListener("navigatesuccess", moved, { signal });
    this.panel.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // The page around it has shortcuts of its own, and no business with what is typed here.
    event.stopPropagation();
    if (event.key === "Escape" && !event.isComposing) this.context.close();
  }

  /** @param {string} text */
  #send(text) {
    this.draft.write("");
    this.session.post(text);
    this.transcript.follow();
  }

  /** @param {string} text */
  #typed(text) {
    this.draft.write(text);
    if (text) this.session.typing.input();
    else this.session.typing.stop();
  }

  #skipLead() {
    this.#leadAfter = null;
    this.context.remember({ lead: "skipped" });
    this.transcript.follow();
    this.#render();
    this.composer.focus();
  }

  #changed() {
    // A form that nobody asked for, and nobody has begun with, makes way for the person who was asked for.
    const { holder, waiting } = this.session.log;
    if ((waiting || holder) && this.#leadCause.source === "rule" && this.session.lead.state === "none" && !this.#form?.begun) this.#leadAfter = null;
    const gone = this.session.state !== "live";
    if (!gone) {
      clearTimeout(this.#lostTimer);
      this.#lostTimer = undefined;
      this.#lost = false;
    } else {
      this.#lostTimer ??= setTimeout(() => {
        this.#lost = true;
        this.#render();
      }, BLINK_MS);
    }
    this.#render();
  }

  #render() {
    const { log, lead, state } = this.session;
    this.panel.setAttribute("aria-label", say("panel.label", { name: log.holder?.name ?? log.agent.name }));
    this.header.update(log);
    this.#form?.update(lead);
    this.transcript.update(log, this.#leadAfter);
    this.suggestions.update(log);
    this.next.update(log, { lost: this.#lost, ended: state === "ended", lead: lead.state === "sent" ? "sent" : this.#leadAfter === null ? "none" : "open" });
    this.session.attend(log.waiting && state === "live" && this.#shown);
    this.look();
    if (this.#shown && document.visibilityState === "visible") this.session.markRead();
    const { unread: count } = this.session;
    this.context.unread(count, count ? say("unread", { count }) : "");
  }
}

/**
 * What rules may ask for. Questions count once they are answered: the form comes after the answer, not between.
 *
 * @param {Log} log
 * @returns {Partial<Facts>}
 */
function factsOf({ entries }) {
  const last = entries.map(({ role }) => role).lastIndexOf("assistant");
  const answered = entries.slice(0, last + 1);
  return { messages: answered.filter(({ role }) => role === "user").length, unknown: answered.filter(({ known }) => known === false).length };
}
