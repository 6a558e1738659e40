/** The address of a file of ours has the hash of all of them in it. */
const HASH = /\/assets\/([0-9a-f]+)\//.exec(import.meta.url)?.[1];

/** Whether the server has other files than this page came with. @param {string} assets their hash */
export const isNewer = (assets) => HASH !== undefined && assets !== HASH;

let waits = false;

/** Load the page anew once nobody sees it and nothing is lost by that: a draft and an unsent reply are kept anyway. */
export function reloadWhenIdle() {
  if (waits) return;
  waits = true;
  const look = () => isIdle() && location.reload();
  document.addEventListener("visibilitychange", look);
  look();
}

/** Only the two desks keep what is typed there; a form of the settings is left alone. */
function isIdle() {
  if (document.visibilityState === "visible" || !["conversations", "inbox"].includes(document.body.dataset.page ?? "")) return false;
  const note = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("note"))?.value;
  return !note && !document.querySelector('dialog[open], #rows [data-ticked], [data-state="pending"]');
}
