/** @import {Lead, Row} from "../types.js" */
/** @import {Item} from "./items.js" */
/** @import {TeamMember} from "../settings/team_row.js" */
import { ApiError, api } from "../connection/api.js";
import { calledOf, inWords, leadName } from "../details/called.js";
import { saying } from "../list/match.js";
import { fit } from "./fuzzy.js";

const PAUSE_MS = 180;
const SHORTEST = 2;
const EACH = 6;
const TEAM = "/app/settings/team";

/** Asks the server for conversations and leads: once somebody pauses, and never for what is not wanted any more. */
export class PaletteSearch {
  /** @type {AbortController | null} */ #asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #pause;
  #onFound;
  #again;
  #team;

  /** @param {(items: Item[] | null) => void} onFound null while it is asked @param {(q: string) => void} again asks anew, by a line that says it failed @param {boolean} team whether to look for members too */
  constructor(onFound, again, team) {
    this.#team = team;
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
    const [chats, leads, team] = await Promise.all([read(`/app/conversations?show=all&${query}`), read(`/app/inbox?${query}`), this.#team ? read(TEAM) : null]);
    if (this.#asking !== asking) return;
    this.#asking = null;
    this.#onFound([...(chats?.conversations ?? []).slice(0, EACH).map(conversationItem), ...(leads?.leads ?? []).slice(0, EACH).map(leadItem), ...membersFor(q, team?.members ?? []), ...(wrong ? [this.#failed(q, wrong)] : [])]);
  }

  /** Not found is not the same as not looked for. @param {string} q @param {ApiError} error @returns {Item} */
  #failed(q, error) {
    return { id: "search-again", name: "Couldn't search everything. Try again", detail: error.message, group: "Conversations", icon: "rotate-cw", passing: true, run: () => this.#again(q) };
  }
}

/** @param {Row} row @returns {Item} */
function conversationItem(row) {
  const { name, by, line } = saying(row);
  const called = inWords(calledOf(row));
  const proof = called.slice(name.join("").length);
  return {
    id: `conversation:${row.id}`,
    name: called,
    title: [...name.slice(0, -1), name.at(-1) + proof],
    by,
    line: line.join("") ? line : [row.page?.title || row.page?.url || ""],
    group: "Conversations",
    icon: "messages-square",
    href: `/app/conversations/${encodeURIComponent(row.id)}`,
  };
}

/** Who is called so, the best first. @param {string} q @param {readonly TeamMember[]} members @returns {Item[]} */
export function membersFor(q, members) {
  const scored = members.map((member) => ({ member, score: fit(q, member.name || member.email, member.email) })).filter(({ score }) => score > 0);
  return scored.sort((a, b) => b.score - a.score).slice(0, EACH).map(({ member }) => memberItem(member));
}

/** @param {TeamMember} member @returns {Item} */
const memberItem = ({ user_id, name, email, role, accepted_at }) => ({
  id: `member:${user_id}`,
  name: name || email,
  detail: [accepted_at ? "" : "Invited", role, name && email].filter(Boolean).join(" · "),
  group: "Members",
  icon: "user-round",
  href: `${TEAM}#member-${encodeURIComponent(user_id)}`,
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
