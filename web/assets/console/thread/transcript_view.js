/** @import {Item} from "./items.js" */
/** @import {Transcript} from "./transcript.js" */
import { calledOf } from "../details/called.js";
import { setTime } from "../figures/live_times.js";
import { clone, part, setText } from "../parts/dom.js";
import { setIcon } from "../parts/icon.js";
import { reconcile } from "../parts/reconcile.js";
import { items } from "./items.js";
import { createMessage, updateMessage } from "./message_view.js";
import { eventText } from "./wording.js";

const TEMPLATES = { day: "day-template", event: "event-template" };
const EVENT_ICONS = { waiting: "hand", claimed: "user-round", released: "undo-2", message: "hand" };
const STATES = /** @type {const} */ ({ pending: "Sending…", sent: "Sent", failed: "" });

/**
 * @typedef {object} TranscriptContext
 * @property {string} userId
 * @property {(clientId: string) => void} retry
 * @property {(clientId: string) => void} discard
 */

/** @param {Element} list @param {Transcript} state @param {TranscriptContext} context */
export function showTranscript(list, state, context) {
  reconcile(list, items(state), {
    key: (item) => item.key,
    create: (item) => (item.kind === "day" || item.kind === "event" ? clone(TEMPLATES[item.kind]) : createMessage()),
    update: (element, item) => update(element, item, state, context),
  });
}

/** @param {HTMLElement} element @param {Item} item @param {Transcript} state @param {TranscriptContext} context */
function update(element, item, state, context) {
  const visitor = calledOf(state.row, state.lead).name;
  switch (item.kind) {
    case "day":
      return setTime(part(element, "time"), item.at, "day");
    case "event":
      return updateEvent(element, item.entry, visitor, context);
    case "stream":
      return updateMessage(element, { role: "assistant", name: botName(state), text: item.stream.text, first: item.first, state: "streaming" });
    case "pending":
      return updatePending(element, item, context);
    default: {
      const { entry, first } = item;
      const mine = entry.author?.user_id === context.userId;
      const name = mine ? "You" : entry.role === "user" ? visitor : (entry.author?.name ?? "Somebody");
      updateMessage(element, { role: entry.role ?? "user", name, text: entry.text ?? "", at: entry.created_at, first, sources: entry.sources });
    }
  }
}

/** What the bot called itself last. @param {Transcript} state */
const botName = ({ entries }) => entries.filter((entry) => entry.role === "assistant").at(-1)?.author?.name ?? "Bot";

/** @param {HTMLElement} element @param {import("../types.js").Entry} entry @param {string} visitor @param {TranscriptContext} context */
function updateEvent(element, entry, visitor, { userId }) {
  const note = part(element, "note");
  element.dataset.type = entry.type;
  setIcon(/** @type {Element} */ (element.querySelector("svg")), EVENT_ICONS[entry.type]);
  setText(part(element, "text"), eventText(entry, userId, visitor));
  setTime(part(element, "time"), entry.created_at, "clock");
  setText(note, entry.note ?? "");
  note.hidden = !entry.note;
}

/** @param {HTMLElement} element @param {Extract<Item, {kind: "pending"}>} item @param {TranscriptContext} context */
function updatePending(element, { pending, first }, { retry, discard }) {
  updateMessage(element, { role: "human-agent", name: "You", text: pending.text, at: pending.created_at, first, state: pending.state });
  const foot = part(element, "foot");
  foot.hidden = false;
  if (pending.state !== "failed") return setText(foot, STATES[pending.state]);
  if (foot.querySelector(".failed")) return setText(part(foot, "why"), pending.error ?? "");
  const failed = clone("failed-template");
  setText(part(failed, "why"), pending.error ?? "");
  part(failed, "retry").addEventListener("click", () => retry(pending.client_id));
  part(failed, "discard").addEventListener("click", () => discard(pending.client_id));
  foot.replaceChildren(failed);
}
