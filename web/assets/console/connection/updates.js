/** The address of a file of ours has the hash of all of them in it. */
const HASH = /\/assets\/([0-9a-f]+)\//.exec(import.meta.url)?.[1];

/** Whether the server has other files than this page came with. @param {string} assets their hash */
export const isNewer = (assets) => HASH !== undefined && assets !== HASH;

const KEY = "baton:reloaded";
let waits = false;

/**
 * Load the page anew once nobody sees it and nothing is lost by that: a draft and an unsent reply are kept anyway.
 * Once for each version: where two servers take turns, a page would never come to rest.
 *
 * @param {string} assets the hash of what the server has
 */
export function reloadWhenIdle(assets) {
  if (waits || sessionStorage.getItem(KEY) === assets) return;
  waits = true;
  const look = () => {
    if (!isIdle()) return;
    sessionStorage.setItem(KEY, assets);
    location.reload();
  };
  document.addEventListener("visibilitychange", look);
  look();
}

/** Only the two desks keep what is typed there; a form of the settings is left alone. */
function isIdle() {
  if (document.visibilityState === "visible" || !["conversations", "inbox"].includes(document.body.dataset.page ?? "")) return false;
  const note = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("note"))?.value;
  return !note && !document.querySelector('dialog[open], #rows [data-ticked], [data-state="pending"]');
}
