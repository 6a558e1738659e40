/** @import {Actions} from "../keys/actions.js" */
/** @import {Thread} from "./thread.js" */
import { byId } from "../parts/dom.js";
import { tell } from "../parts/tell.js";

/**
 * What can be done in a list with a thread beside it.
 *
 * @param {Actions} actions
 * @param {{list: {move: (step: 1 | -1) => void}, thread: Thread, search: () => void, back: () => unknown}} page `back`: what Esc does here; false for nothing
 */
export function provideThread(actions, { list, thread, search, back }) {
  const opened = () => thread.row !== null;
  actions.provide({
    next: () => list.move(1),
    previous: () => list.move(-1),
    open: openRow,
    claim: { when: () => !!thread.dock?.can("claim"), run: () => void thread.dock?.claim() },
    release: { when: () => !!thread.dock?.can("release"), run: () => thread.dock?.handBack() },
    write: () => (thread.dock?.focusReply() ? undefined : search()),
    send: sendWritten,
    details: { when: opened, run: () => byId("details-toggle").click() },
    "copy-link": { when: opened, run: () => copyLink(thread.row?.id ?? "") },
    back,
  });
}

/** The row in focus presses itself; without one the first, or the one that is open. */
function openRow() {
  const rows = byId("rows");
  const link = /** @type {HTMLElement | null} */ (rows.querySelector("a[aria-current]") ?? rows.querySelector("a"));
  if (!link || document.activeElement !== document.body) return false;
  return link.click();
}

function sendWritten() {
  const form = document.activeElement?.closest("form.composer");
  return form instanceof HTMLFormElement ? form.requestSubmit() : false;
}

/** @param {string} id */
async function copyLink(id) {
  try {
    await navigator.clipboard.writeText(`${location.origin}/app/conversations/${encodeURIComponent(id)}`);
    tell("The link is copied.");
  } catch {
    tell("The link was not copied: this browser allows that only on https.");
  }
}
