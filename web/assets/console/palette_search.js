/** @import {Lead, Row} from "./types.js" */
/** @import {Item} from "./palette_items.js" */
import { ApiError, api } from "./api.js";
import { calledOf, inWords, leadName } from "./called.js";

const PAUSE_MS = 180;
const SHORTEST = 2;
const EACH = 6;

/** Asks the server for conversations and leads: once somebody pauses, and never for what is not wanted any more. */
export class PaletteSearch {
  /** @type {AbortController | null} */ #asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #pause;
  #onFound;
  #again;

  /** @param {(items: Item[] | null) => void} onFound null while it is asked @param {(q: string) => void} again asks anew, by a line that says it failed */
  constructor(onFound, again) {
    this.#onFound = onFound;
    this.#again = again;
  }

  /** @param {string} typed */
  look(typed) {
    this.stop();
    const q = typed.trim();
    if (q.length < SHORTEST) return this.#onFound([]);
    this.#onFound(null);
    this.#pause = setTimeout(() => this.#ask(q), PAUSE_MS);
  }

  stop() {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    this.#asking = null;
  }

  /** @param {string} q */
  async #ask(q) {
    const asking = (this.#asking = new AbortController());
    /** @type {ApiError | null} */ let wrong = null;
    const read = (/** @type {string} */ path) =>
      api("GET", path, { signal: asking.signal }).catch((error) => {
        if (error instanceof ApiError) wrong = error;
        return null;
      });
    const query = new URLSearchParams({ q });
    const [chats, leads] = await Promise.all([read(`/app/conversations?show=all&${query}`), read(`/app/inbox?${query}`)]);
    if (this.#asking !== asking) return;
    this.#asking = null;
    this.#onFound([...(chats?.conversations ?? []).slice(0, EACH).map(conversationItem), ...(leads?.leads ?? []).slice(0, EACH).map(leadItem), ...(wrong ? [this.#failed(q, wrong)] : [])]);
  }

  /** Not found is not the same as not looked for. @param {string} q @param {ApiError} error @returns {Item} */
  #failed(q, error) {
    return { id: "search-again", name: "Couldn't search everything. Try again", detail: error.message, group: "Conversations", icon: "rotate-cw", passing: true, run: () => this.#again(q) };
  }
}

/** @param {Row} row @returns {Item} */
const conversationItem = (row) => ({
  id: `conversation:${row.id}`,
  name: inWords(calledOf(row)),
  detail: row.preview || row.page?.title || row.page?.url || "",
  group: "Conversations",
  icon: "messages-square",
  href: `/app/conversations/${encodeURIComponent(row.id)}`,
});

/** @param {Lead} lead @returns {Item} */
const leadItem = (lead) => ({
  id: `lead:${lead.id}`,
  name: leadName(lead),
  detail: lead.message || (lead.name ? lead.email || lead.phone : ""),
  group: "Leads",
  icon: "inbox",
  href: `/app/inbox/${encodeURIComponent(lead.id)}`,
});
