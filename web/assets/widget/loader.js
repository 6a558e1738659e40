/*
 * Baton's loader, served as /widget.js. It shows the launcher, makes one request, and fetches the panel when a visitor
 * wants it, or when their conversation is under way. Served as one classic script: a site has one tag, and no modules.
 */
import { watchRules } from "./rules.js";

(() => {
  /** @typedef {import("./types.js").Boot} Boot */
  /** @typedef {import("./types.js").Context} Context */
  /** @typedef {import("./types.js").Memory} Memory */
  /** @typedef {import("./types.js").Panel} Panel */
  /** @typedef {import("./widget.js").BatonUser} User */

  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript ?? document.querySelector("script[data-key][src*='widget.js']")
  );
  const page = /** @type {any} */ (window);
  if (!script?.dataset.key) return;
  const { key, position, theme, locale, userId: id, userName: name, userEmail: email, userHash: hash } = script.dataset;
  // A queue stub knows no `destroy`; the API does, so a second tag finds the first one's work and leaves it.
  if (page.$baton?.destroy) {
    if (!document.getElementById(`baton-${key}`)) console.error("Baton: this page has another chat.");
    return;
  }
  const base = new URL(".", script.src);
  /** Until it is known which language is spoken. */
  const words = /** @type {import("./types.js").Words} */ ({ open: "Open chat", close: "Close chat", failed: "The chat cannot be reached. Try again." });
  const local = `baton:${key}`;
  const stop = new AbortController();
  const { signal } = stop;
  let visit = new AbortController();

  /** @type {User} */ let user = { id, name, email, hash };
  /** @type {Promise<Boot> | undefined} */ let booting;
  /** @type {Promise<Panel> | undefined} */ let loading;
  /** @type {Panel | undefined} */ let panel;
  /** @type {Memory} */ let memory = {};
  /** @type {HTMLElement | null} */ let opener = null;
  /** @type {string | undefined} */ let filled;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let retry;
  let shown = false;
  let [unseen, label] = [0, ""];
  /** Somebody has closed it on this page, and wants it closed. */ let shut = false;
  /** @type {Context["facts"]} */ let facts = () => {};

  // The launcher, in a shadow root, beside the body: a page that swaps or transforms its body does not touch it.
  // In the top layer, which no z-index, transform, filter or containment of the page's reaches.
  const host = document.createElement("baton-widget");
  host.id = `baton-${key}`;
  host.popover = "manual";
  const root = host.attachShadow({ mode: "open" });
  const launcher = document.createElement("button");
  const badge = document.createElement("span");
  const note = document.createElement("span");
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawing = icon.appendChild(document.createElementNS(/** @type {string} */ (icon.namespaceURI), "path"));
  // The clear border is seen where a visitor's own colours are forced. --accent, --accent-ink, --danger and --danger-ink as in shared/tokens.css; a test compares them.
  const css = () => {
    const { style, theme, position } = options();
    // Start and end are those of a line, whichever way the page is read.
    const side = /^(left|right)$/.test(position ?? "") ? position : `inset-inline-${position === "start" ? position : "end"}`;
    return `
:host{all:initial!important;position:fixed!important;z-index:2147483647!important;color-scheme:${/^(light|dark)$/.test(theme ?? "") ? theme : "light dark"}!important;
--accent:light-dark(oklch(0.43 0.085 168), oklch(0.77 0.11 168));--accent-ink:light-dark(oklch(0.99 0.01 168), oklch(0.2 0.03 168));
--danger:light-dark(oklch(0.52 0.19 27), oklch(0.74 0.14 25));--danger-ink:light-dark(oklch(0.99 0.01 27), oklch(0.2 0.03 27))}
:host([hidden]){display:none!important}
button,[role]{position:fixed;inset-block-end:20px;${side}:20px}
button{width:52px;height:52px;margin:0;padding:12px;border:2px solid transparent;border-radius:50%;
background:var(--accent);color:var(--accent-ink);box-shadow:0 2px 8px #0005;cursor:pointer}
button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
svg{display:block;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
span:empty{display:none}
button span{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:10px;padding:0 5px;border-radius:10px;background:var(--danger);
color:var(--danger-ink);font:600 13px/20px system-ui}
[role]{${side}:84px;max-width:200px;padding:8px 12px;border:1px solid;border-radius:8px;
background:canvas;color:canvastext;font:14px/1.5 system-ui;animation:a 0s 9s both}
@keyframes a{to{scale:0}}
@media(width<480px){[aria-expanded=true]{visibility:hidden}}
@media print{button,span{display:none}}
:host{${style}}`;
  };

  /** As the workspace decided, but what the tag says goes first. */
  const options = () => ({ style: memory.look?.style ?? "", theme: theme || memory.look?.theme, position: position || memory.look?.position });

  const dress = () => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css());
      root.adoptedStyleSheets = [sheet];
    } catch {
      const style = root.appendChild(document.createElement("style"));
      style.nonce = script.nonce;
      style.textContent = css();
    }
  };

  /**
   * A page may be forbidden to keep anything; then it lasts as long as the page lives.
   *
   * @template T
   * @param {() => T} run
   */
  const kept = (run) => {
    try {
      return run();
    } catch {
      return undefined;
    }
  };

  /** What is kept of this visitor. */
  const recall = () => (memory = kept(() => JSON.parse(localStorage.getItem(local) ?? "{}")) ?? memory);

  /** @param {Memory} change */
  const remember = (change) => {
    memory = { ...recall(), ...change };
    kept(() => localStorage.setItem(local, JSON.stringify(memory)));
  };

  /** What is kept of this visitor and begins so: `:unsent:` are messages that wait to be sent since an earlier page. */
  const named = (part = "") => kept(() => Object.keys(localStorage).filter((item) => item.startsWith(local + part))) ?? [];

  /** Whether this tab's panel was open on the page before. @param {boolean} [now] */
  const wasOpen = (now) =>
    kept(() => {
      if (now !== undefined) sessionStorage.setItem(`${local}:open`, now ? "1" : "");
      return sessionStorage.getItem(`${local}:open`);
    });

  const here = () => ({ url: location.href, title: document.title, referrer: document.referrer });

  /** @param {string} name @param {unknown} [detail] */
  const emit = (name, detail) => {
    document.dispatchEvent(new CustomEvent(`baton:${name}`, { detail }));
  };

  /**
   * What a site did wrong is said where its developers look, and to its listeners.
   *
   * @param {import("./widget.js").BatonErrorCode} code
   * @param {string} message
   */
  const wrong = (code, message) => {
    console.error(`Baton: ${message}`);
    emit("error", { code, message });
  };

  /** The one request. Sent as plain text, which needs no preflight; tabs that open together take turns, and share a visitor. */
  const boot = () => {
    const request = async () => {
      const { token = null, conversation_id } = recall();
      const asked = user;
      const language = locale || document.documentElement.lang;
      const body = JSON.stringify({ token, language, page: here(), user });
      const response = await fetch(new URL(`widget/${key}/boot`, base), { method: "POST", credentials: "omit", body });
      // Not for this site, or no such widget: a launcher that opens nothing is worse than none.
      host.hidden ||= [403, 404].includes(response.status);
      if (!response.ok) throw Error(`HTTP ${response.status}`);
      /** @type {Boot} */
      const answer = await response.json();
      if (answer.refused && user === asked) {
        user = {};
        wrong("identity", answer.refused);
      }
      Object.assign(words, answer.words);
      const known = answer.conversation_id === conversation_id;
      remember({ look: answer.appearance, token: answer.token, conversation_id: answer.conversation_id, ...(known ? {} : { read: 0 }) });
      dress();
      launcher.hidden = false;
      host.lang = answer.language;
      mark();
      return answer;
    };
    booting ??= Promise.resolve(navigator.locks?.request(local, request) ?? request()).catch((error) => {
      booting = undefined;
      launcher.hidden = false;
      throw error;
    });
    return booting;
  };

  /** Whoever waits for what has been taken away waits for nothing. @type {Promise<never>} */
  const NEVER = new Promise(() => {});

  /** The panel: asked for and built as soon as somebody may want it, so that a click finds it there. It connects when it is shown. */
  const prepare = () => {
    const { signal } = visit;
    loading ??= (async () => {
      const answer = await boot();
      const { BatonPanel } = await import(new URL(answer.panel, base).href);
      if (signal.aborted) return NEVER;
      /** @type {Panel} */
      const made = new BatonPanel({
        key,
        base,
        boot: answer,
        options: options(),
        nonce: script.nonce,
        user: () => user,
        page: here,
        recall,
        remember,
        emit,
        unread,
        close,
        isOpen,
        dismiss,
        facts: (/** @type {any} */ change) => facts(change),
      });
      signal.addEventListener("abort", () => made.stop());
      root.prepend(made.host);
      await made.build();
      if (signal.aborted) return NEVER;
      if (filled !== undefined) made.prefill(filled);
      return (panel = made);
    })().catch((error) => {
      if (signal.aborted) return NEVER;
      loading = undefined;
      throw error;
    });
    return loading;
  };

  /** The panel, connected, shown or not. */
  const load = async () => {
    const made = await prepare();
    made.start();
    return made;
  };

  /** @param {number} count @param {string} [called] */
  const unread = (count, called = "") => {
    if (count === unseen) return;
    unseen = count;
    label = called;
    emit("unread", { count });
    mark();
  };

  const mark = () => {
    badge.textContent = unseen && !shown ? (unseen > 9 ? "9+" : String(unseen)) : "";
    drawing.setAttribute("d", shown ? "m6 9 6 6 6-6" : "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l2-5.8A8.5 8.5 0 1 1 21 11.5Z");
    launcher.ariaExpanded = String(shown);
    launcher.ariaLabel = shown ? words.close : unseen ? label : words.open;
  };

  /** @param {boolean} [byHand] A person did it, who then wants to write. */
  const open = async (byHand = true) => {
    show();
    if (shown) return;
    const focused = document.activeElement;
    opener ??= focused instanceof HTMLElement && focused !== document.body && focused !== host ? focused : launcher;
    shown = true;
    mark();
    note.textContent = "";
    try {
      const made = await prepare();
      if (!shown) return;
      made.show(byHand);
      wasOpen(true);
      emit("open");
    } catch (error) {
      failed(error);
    }
  };

  /** @param {unknown} error */
  const lost = (error) => signal.aborted || emit("error", { code: "unreachable", message: String(error) });

  /** @param {unknown} error */
  const failed = (error) => {
    shown = false;
    mark();
    note.textContent = words.failed;
    lost(error);
  };

  const close = () => {
    if (!shown) return;
    shown = false;
    shut = true;
    panel?.hide();
    wasOpen(false);
    mark();
    opener?.focus({ preventScroll: true });
    opener = null;
    emit("close");
  };

  const isOpen = () => shown;
  const toggle = () => (shown ? close() : void open());

  /** The panel, or what is to become one, is taken away; the next is another. */
  const end = () => {
    visit.abort();
    visit = new AbortController();
    clearTimeout(retry);
    panel = loading = undefined;
  };

  /** Nothing of this visitor runs on. */
  const leave = () => {
    close();
    end();
    booting = filled = undefined;
    unread(0);
  };

  /** The visitor wants no chat here: nothing is shown or asked for until they, or the site, ask for it. */
  const dismiss = () => {
    leave();
    remember({ gone: true });
    host.hidden = true;
  };

  const show = () => {
    host.hidden = false;
    if (!recall().gone) return;
    remember({ gone: false });
    void start();
  };

  const reset = () => {
    leave();
    user = {};
    const { gone } = recall();
    memory = {};
    kept(() => [local, ...named(":")].forEach((item) => localStorage.removeItem(item)));
    if (gone) remember({ gone });
  };

  const destroy = () => {
    stop.abort();
    end();
    host.remove();
    delete page.$baton;
  };

  /** @param {User} known Who it is from now on; nobody known, when empty. */
  const identify = (known) => {
    const fields = Object.entries(Object(known) === known ? known : { "": 0 });
    const bad = fields.find(([field, value]) => !/^(id|name|email|hash)$/.test(field) || (value != null && typeof value !== "string"));
    if (bad) return wrong("invalid", "identify() takes { id, name, email, hash }, all text.");
    user = { ...known };
    if (booting) void again().catch(failed);
  };

  /** The site says who it is after we have asked: ask again, and show their conversation if that is another. */
  const again = async () => {
    const before = await booting?.catch(() => {});
    booting = undefined;
    const { conversation_id } = await boot();
    if (conversation_id === before?.conversation_id || !loading) return;
    end();
    const made = await load();
    if (shown) made.show(false);
  };

  /** @param {string} name @param {unknown} listener */
  const known = (name, listener) => {
    const fine = /^(ready|open|close|message|human|bot|lead|unread|error)$/.test(name) && typeof listener === "function";
    if (!fine) wrong("invalid", "on() and off() take an event and a function.");
    return fine;
  };

  /** @type {import("./widget.js").Baton} */
  const api = {
    open: () => void open(),
    close,
    toggle,
    isOpen,
    show,
    identify,
    setUser: identify,
    reset,
    destroy,
    hide: () => (close(), void (host.hidden = true)),
    /** @param {string} name @param {any} listener */
    on: (name, listener) => known(name, listener) && document.addEventListener(`baton:${name}`, listener, { signal }),
    /** @param {string} name @param {any} listener */
    off: (name, listener) => known(name, listener) && document.removeEventListener(`baton:${name}`, listener),
    /** @param {string} text */
    prefill: (text) => {
      if (typeof text !== "string") return wrong("invalid", "prefill() takes text.");
      filled = text;
      panel?.prefill(text);
    },
    showLeadForm: () => void open().then(() => panel?.showLeadForm()),
  };

  /** A rule of the workspace's came true: the form, once, without taking the focus. @param {string} rule */
  const offer = async (rule) => {
    if (recall().lead || host.hidden) return;
    remember({ lead: "offered" });
    if (!(await load()).showLeadForm({ source: "rule", rule })) return;
    if (shown || (innerWidth >= 480 && !shut)) await open(false);
    else note.textContent = words.offer;
  };

  /** @param {number} [wait_ms] Until the next attempt, when an unsent message or an open panel is waiting for it. */
  const start = async (wait_ms = 1_000) => {
    try {
      const { seq, rules } = await boot();
      if (signal.aborted) return;
      emit("ready");
      if (!recall().lead) facts = watchRules(rules, (rule) => void offer(rule).catch(() => {}), signal);
      if (wasOpen() && innerWidth >= 480) await open(false);
      else if (seq || named(":unsent:")[0]) await load();
    } catch (error) {
      lost(error);
      if (!signal.aborted && (named(":unsent:")[0] || wasOpen())) retry = setTimeout(start, wait_ms * (1 + Math.random()), Math.min(2 * wait_ms, 60_000));
    }
  };

  launcher.hidden = !recall().look;
  dress();
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.ariaHidden = "true";
  launcher.append(icon, badge);
  note.role = "status";
  root.append(launcher, note);
  mark();
  launcher.onclick = toggle;
  launcher.onpointerenter = launcher.onfocus = () => void prepare().catch(() => {});
  document.addEventListener(
    "click",
    (event) => {
      const asked = /** @type {Element} */ (event.target).closest?.("[data-baton-open]");
      if (!asked) return;
      event.preventDefault();
      opener = /** @type {HTMLElement} */ (asked);
      void open();
    },
    { signal },
  );

  const queue = page.$baton?.q ?? [];
  page.$baton = api;
  document.documentElement.append(host);
  host.showPopover?.();
  // Where the visitor hid it, a call in the queue may bring it back, and starts it.
  host.hidden = !!recall().gone;
  const { hidden } = host;
  for (const [method, ...values] of queue) {
    if (Object.hasOwn(api, method)) /** @type {any} */ (api)[method](...values);
    else wrong("invalid", `$baton has no ${method}().`);
  }
  if (!hidden) void start();
})();
