/*
 * Baton's loader, served as /widget.js. It shows the launcher, makes one request, and fetches the panel when a visitor
 * wants it, or when their conversation is under way. A classic script on purpose: one tag, no imports.
 */
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
  // A queue stub knows no `destroy`; the API does, so a second tag finds the first one's work and leaves it.
  const first = page.$baton?.destroy && document.querySelector("baton-widget")?.id;
  if (first && first !== `baton-${script?.dataset.key}`) console.error(`Baton: ${first} is on this page already; a page has one chat.`);
  if (!script?.dataset.key || page.$baton?.destroy) return;

  const { key, position, theme, locale, userId: id, userName: name, userEmail: email, userHash: hash } = script.dataset;
  const base = new URL(".", script.src);
  const words = { open: "Open chat", close: "Close chat", failed: "The chat cannot be reached. Try again.", offer: "Shall we get back to you?" };
  const local = `baton:${key}`;
  const stop = new AbortController();
  const { signal } = stop;

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
  // --accent, --accent-ink, --paper, --ink, --danger and --danger-ink as in shared/tokens.css; a test compares them.
  const css = () => {
    const { style, theme, position } = options();
    // Start and end are those of a line, whichever way the page is read.
    const side = position === "left" || position === "right" ? position : position === "start" ? "inset-inline-start" : "inset-inline-end";
    return `
:host{all:initial!important;position:fixed!important;z-index:2147483647!important;color-scheme:${theme === "light" || theme === "dark" ? theme : "light dark"}!important;
--accent:light-dark(oklch(0.43 0.085 168), oklch(0.77 0.11 168));--accent-ink:light-dark(oklch(0.99 0.01 168), oklch(0.2 0.03 168));
--danger:light-dark(oklch(0.52 0.19 27), oklch(0.74 0.14 25));--danger-ink:light-dark(oklch(0.99 0.01 27), oklch(0.2 0.03 27));
--paper:light-dark(oklch(0.985 0.004 85), oklch(0.2 0.007 75));--ink:light-dark(oklch(0.23 0.012 70), oklch(0.94 0.007 85))}
:host([hidden]){display:none!important}
button{position:fixed;inset-block-end:20px;${side}:20px;box-sizing:border-box;width:52px;height:52px;margin:0;padding:14px;
border:0;border-radius:50%;background:var(--accent);color:var(--accent-ink);box-shadow:0 4px 12px -4px rgb(0 0 0/.35);cursor:pointer}
button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
svg{display:block;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
[aria-expanded=true] .chat,[aria-expanded=false] .shut,span:empty{display:none}
button span{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;box-sizing:border-box;min-width:20px;padding:0 5px;border-radius:10px;background:var(--danger);
color:var(--danger-ink);font:600 13px/20px system-ui,sans-serif;text-align:center}
.note{position:fixed;inset-block-end:84px;${side}:20px;max-width:240px;padding:8px 12px;border:1px solid;border-radius:8px;
background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
@media (max-width:479px){[aria-expanded=true]{visibility:hidden}}
@media print{button,span{display:none}}
@media (forced-colors:active){button{border:2px solid}}
:host{${style}}`;
  };

  /** As the workspace decided, but what the tag says goes first. */
  const options = () => ({ style: memory.look?.style ?? "", theme: theme || memory.look?.theme, position: position || memory.look?.position });

  /** @param {string} name @param {string} d */
  const drawing = (name, d) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", d);
    return svg;
  };

  const dress = () => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css());
      root.adoptedStyleSheets = [sheet];
    } catch {
      const style = root.appendChild(document.createElement("style"));
      style.nonce = script.nonce ?? "";
      style.textContent = css();
    }
  };

  /** @returns {Memory} What is kept of this visitor; storage may be forbidden, then as long as the page lives. */
  const recall = () => {
    try {
      memory = JSON.parse(localStorage.getItem(local) ?? "{}") ?? {};
    } catch {
      // `memory` is what there is.
    }
    return memory;
  };

  /** @param {Memory} change */
  const remember = (change) => {
    memory = { ...recall(), ...change };
    try {
      localStorage.setItem(local, JSON.stringify(memory));
    } catch {
      // As above.
    }
  };

  /** Whether a message waits to be sent since an earlier page. */
  const unsent = () => {
    try {
      return Object.keys(localStorage).some((item) => item.startsWith(`${local}:unsent:`));
    } catch {
      return false;
    }
  };

  /** Whether this tab's panel was open on the page before. @param {boolean} [now] */
  const wasOpen = (now) => {
    try {
      if (now !== undefined) sessionStorage.setItem(`${local}:open`, now ? "1" : "");
      return Boolean(sessionStorage.getItem(`${local}:open`));
    } catch {
      return false;
    }
  };

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
      host.hidden ||= response.status === 403 || response.status === 404;
      if (!response.ok) throw new Error(`Baton answered ${response.status}`);
      /** @type {Boot} */
      const answer = await response.json();
      if (answer.refused && user === asked) {
        user = {};
        wrong("identity", answer.refused);
      }
      Object.assign(words, answer.words);
      remember({ look: answer.appearance });
      dress();
      launcher.hidden = false;
      host.lang = answer.language;
      mark();
      const known = answer.conversation_id === conversation_id;
      remember({ token: answer.token, conversation_id: answer.conversation_id, ...(known ? {} : { read: 0 }) });
      return answer;
    };
    booting ??= Promise.resolve(navigator.locks?.request(local, request) ?? request()).catch((error) => {
      booting = undefined;
      launcher.hidden = false;
      throw error;
    });
    return booting;
  };

  /** @returns {Promise<[{ BatonPanel: new (context: Context) => Panel }, Context["catalogue"]]>} */
  const prefetch = async () => {
    const { panel: path, catalogue } = await boot();
    const texts = fetch(new URL(catalogue, base)).then((response) => response.json());
    return Promise.all([import(new URL(path, base).href), texts]);
  };

  const load = () => {
    loading ??= (async () => {
      const [{ BatonPanel }, catalogue] = await prefetch();
      const answer = await boot();
      signal.throwIfAborted();
      const made = new BatonPanel({
        ...{ key: key ?? "", base, boot: answer, catalogue, options: options(), nonce: script.nonce ?? "", user: () => user, page: here },
        ...{ recall, remember, emit, unread, close, dismiss, facts: (/** @type {any} */ change) => facts(change) },
      });
      root.prepend(made);
      await made.start();
      if (filled !== undefined) made.prefill(filled);
      return (panel = made);
    })().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
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
    launcher.setAttribute("aria-expanded", String(shown));
    launcher.setAttribute("aria-label", shown ? words.close : unseen ? label : words.open);
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
      const made = await load();
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

  const toggle = () => (shown ? close() : void open());

  /** Nothing of this visitor runs on. */
  const leave = () => {
    close();
    clearTimeout(retry);
    panel?.stop();
    panel = loading = booting = filled = undefined;
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
    try {
      for (const item of Object.keys(localStorage)) if (item === local || item.startsWith(`${local}:`)) localStorage.removeItem(item);
    } catch {
      // Nothing was kept.
    }
    if (gone) remember({ gone });
  };

  const destroy = () => {
    stop.abort();
    clearTimeout(retry);
    panel?.stop();
    host.remove();
    delete page.$baton;
  };

  /** @param {User} known Who it is from now on; nobody known, when empty. */
  const identify = (known) => {
    const fields = Object.entries(known && typeof known === "object" ? known : { "": 0 });
    const bad = fields.find(([field, value]) => !/^(id|name|email|hash)$/.test(field) || (value != null && typeof value !== "string"));
    if (bad) return wrong("invalid", "identify() takes { id, name, email, hash }, each a text.");
    user = { ...known };
    if (booting) void again().catch(failed);
  };

  /** The site says who it is after we have asked: ask again, and show their conversation if that is another. */
  const again = async () => {
    const before = await booting?.catch(() => {});
    booting = undefined;
    const { conversation_id } = await boot();
    if (conversation_id === before?.conversation_id || !loading) return;
    await loading;
    panel?.stop();
    panel = loading = undefined;
    const made = await load();
    if (shown) made.show(false);
  };

  /** @param {string} name @param {unknown} listener */
  const known = (name, listener) => {
    const fine = /^(ready|open|close|message|human|bot|lead|unread|error)$/.test(name) && typeof listener === "function";
    if (!fine) wrong("invalid", `on() and off() take an event and a function, not "${name}", ${typeof listener}.`);
    return fine;
  };

  /** @type {import("./widget.js").Baton} */
  const api = {
    ...{ open: () => void open(), close, toggle, isOpen: () => shown, show, identify, setUser: identify, reset, destroy },
    hide: () => (close(), void (host.hidden = true)),
    /** @param {string} name @param {any} listener */
    on: (name, listener) => known(name, listener) && document.addEventListener(`baton:${name}`, listener, { signal }),
    /** @param {string} name @param {any} listener */
    off: (name, listener) => known(name, listener) && document.removeEventListener(`baton:${name}`, listener),
    /** @param {string} text */
    prefill: (text) => {
      if (typeof text !== "string") return wrong("invalid", "prefill() takes a text.");
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

  const watch = async () => {
    const { panel: path, rules } = await boot();
    if (!rules.length || recall().lead) return;
    const { watchRules } = await import(new URL(path.replace("panel", "rules"), base).href);
    facts = watchRules(rules, (/** @type {string} */ rule) => void offer(rule).catch(() => {}), signal);
    panel?.look();
  };

  /** @param {number} [wait_ms] Until the next attempt, when an unsent message or an open panel is waiting for it. */
  const start = async (wait_ms = 1_000) => {
    try {
      const { seq } = await boot();
      if (signal.aborted) return;
      emit("ready");
      void watch().catch(() => {});
      if (wasOpen() && innerWidth >= 480) await open(false);
      else if (seq || unsent()) await load();
    } catch (error) {
      lost(error);
      if (!signal.aborted && (unsent() || wasOpen())) retry = setTimeout(start, wait_ms * (1 + Math.random()), Math.min(2 * wait_ms, 60_000));
    }
  };

  launcher.hidden = !recall().look;
  dress();
  launcher.type = "button";
  launcher.append(
    drawing("chat", "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l2-5.8A8.5 8.5 0 1 1 21 11.5Z"),
    drawing("shut", "m6 9 6 6 6-6"),
    badge,
  );
  note.className = "note";
  note.setAttribute("role", "status");
  root.append(launcher, note);
  mark();
  launcher.addEventListener("click", toggle, { signal });
  for (const hint of ["pointerenter", "focus"]) launcher.addEventListener(hint, () => prefetch().catch(() => {}), { signal, once: true });
  document.addEventListener(
    "click",
    (event) => {
      const asked = event.target instanceof Element && event.target.closest("[data-baton-open]");
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
  host.hidden = !!recall().gone;
  for (const [method, ...values] of queue) {
    if (Object.hasOwn(api, method)) /** @type {any} */ (api)[method](...values);
    else wrong("invalid", `There is no $baton.${method}().`);
  }
  if (!recall().gone) void start();
})();
