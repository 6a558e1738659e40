import { retitle } from "../keys/hints.js";
import { byId } from "../parts/dom.js";

const KEY = "baton:details";
const CLOSED = "closed";

/**
 * The details: a pane beside the conversation, whose state this browser remembers; below 1024 px a sheet over it.
 *
 * @returns {{close: () => boolean}} `close`: whether a sheet was open
 */
export function startDetails() {
  const toggle = byId("details-toggle");
  const wide = matchMedia("(min-width: 1024px)");
  const { body } = document;
  /** The back button of a phone closes what lies over the page first. @type {{destroy: () => void, onclose: () => void} | null} */
  let watcher = null;
  const isShown = () => (wide.matches ? !body.hasAttribute("data-details-closed") : body.hasAttribute("data-details"));
  const say = () => {
    toggle.setAttribute("aria-expanded", String(isShown()));
    retitle(toggle, isShown() ? "Hide details" : "Show details");
  };
  const sheet = (/** @type {boolean} */ open) => {
    body.toggleAttribute("data-details", open);
    watcher?.destroy();
    watcher = open && "CloseWatcher" in window ? new /** @type {any} */ (window).CloseWatcher() : null;
    if (watcher) watcher.onclose = () => void close();
    if (open) byId("details-close").focus();
    say();
  };
  const close = () => {
    if (wide.matches || !isShown()) return false;
    sheet(false);
    toggle.focus();
    return true;
  };
  const pane = (/** @type {boolean} */ open) => {
    body.toggleAttribute("data-details-closed", !open);
    remember(open);
    say();
  };
  body.toggleAttribute("data-details-closed", isRemembered());
  toggle.addEventListener("click", () => (wide.matches ? pane(!isShown()) : close() || sheet(true)));
  byId("details-close").addEventListener("click", close);
  wide.addEventListener("change", () => {
    body.removeAttribute("data-details");
    say();
  });
  say();
  return { close };
}

function isRemembered() {
  try {
    return localStorage.getItem(KEY) === CLOSED;
  } catch {
    return false;
  }
}

/** @param {boolean} open */
function remember(open) {
  try {
    if (open) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, CLOSED);
  } catch {
    // Storage is forbidden: the pane is as it is for as long as the page.
  }
}
