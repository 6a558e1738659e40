import { ApiError, api } from "../connection/api.js";
import { byId, clone, part, setAddress, setText } from "../parts/dom.js";
import { dayBegins, dayOf } from "../figures/days.js";
import { figure, howMany } from "../figures/figures.js";
import { startForm } from "../parts/forms.js";
import { setTime } from "../figures/live_times.js";

/**
 * @typedef {{id: string, seq: number, at: string, what: string, action: string, user_id: string | null, target_type: string, target_id: string,
 *   ip: string, user_agent: string, details: Record<string, unknown>, hash: string}} AuditEntry
 * @typedef {{entries: AuditEntry[], next: string | null, filter: Record<string, string>}} AuditPage
 */

/** `/app/audit`. @param {AuditPage} page */
export function startAudit(page) {
  startFilter(page.filter);
  startEntries(page);
  startVerify();
}

/** Days are the reader's own: the address has the instants at which they begin. @param {Record<string, string>} wanted */
function startFilter(wanted) {
  const form = byId("audit-filter", HTMLFormElement);
  const since = byId("since", HTMLInputElement);
  const until = byId("until", HTMLInputElement);
  since.value = dayOf(wanted.since ?? "");
  until.value = dayOf(wanted.until ?? "", -1);
  byId("csv", HTMLAnchorElement).search = asQuery(wanted);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const wanted = `/app/audit${asQuery({ ...typed, since: dayBegins(since.value), until: dayBegins(until.value, 1) })}#entries-title`;
    if (wanted === location.href.slice(location.origin.length)) location.reload();
    else location.assign(wanted);
  });
}

/** @param {Record<string, string>} wanted */
function asQuery(wanted) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
  return query && `?${query}`;
}

/** @param {AuditPage} page */
function startEntries({ entries, next, filter }) {
  const older = byId("older", HTMLButtonElement);
  const wrong = byId("older-wrong");
  let after = next;
  show(entries);
  older.hidden = !after;
  byId("no-entries").hidden = entries.length > 0 || Boolean(after);
  older.addEventListener("click", async () => {
    older.disabled = true;
    setText(wrong, "");
    try {
      const page = await api("GET", `/app/audit${asQuery({ ...filter, after: after ?? "" })}`);
      show(page.entries);
      after = page.next;
      older.hidden = !after;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(wrong, `Couldn't load older entries. ${error.message}`);
    } finally {
      older.disabled = false;
    }
  });
}

/** @param {AuditEntry[]} entries */
const show = (entries) => byId("entries").append(...entries.map(row));

/** @param {AuditEntry} entry */
function row(entry) {
  const item = clone("entry-template");
  setAddress(part(item, "what"), entry.what);
  setTime(part(item, "at"), entry.at, "clock");
  const details = /** @type {HTMLDetailsElement} */ (item.firstElementChild);
  details.addEventListener("toggle", () => part(item, "facts").append(...facts(entry)), { once: true });
  return item;
}

/** @param {AuditEntry} entry */
function facts(entry) {
  const known = {
    Action: entry.action,
    By: entry.user_id ?? "",
    [entry.target_type || "Target"]: entry.target_id,
    "IP address": entry.ip,
    Browser: entry.user_agent,
    ...entry.details,
    Entry: `${entry.seq}, ${entry.id}`,
    Hash: entry.hash,
  };
  return Object.entries(known)
    .filter(([, value]) => value !== "" && value !== null)
    .flatMap(([name, value]) => {
      const term = Object.assign(document.createElement("dt"), { textContent: name.replaceAll("_", " ") });
      const text = Object.assign(document.createElement("dd"), { textContent: String(value), dir: "auto" });
      return [term, text];
    });
}

function startVerify() {
  startForm(byId("verify-form", HTMLFormElement), async ({ head = "" }) => {
    const found = await api("POST", "/app/audit/verify", { body: { head: head.trim().toLowerCase() } });
    byId("verdict").hidden = false;
    const words = byId("verdict-words");
    words.classList.toggle("notice-danger", !found.ok);
    setText(words, verdict(found));
    byId("verdict-head").hidden = !found.ok || !found.count;
    setText(byId("head-hash"), found.head_hash);
    return "";
  });
  byId("copy-head").addEventListener("click", async () => {
    const label = /** @type {Element} */ (byId("copy-head").querySelector("span"));
    const copied = await navigator.clipboard?.writeText(byId("head-hash").textContent ?? "").then(() => true, () => false);
    if (!copied) getSelection()?.selectAllChildren(byId("head-hash"));
    setText(label, copied ? "Copied" : "Selected for you to copy");
  });
}

/** @param {{ok: boolean, count: number, bad_id: string | null, problem: string | null}} found */
export function verdict({ ok, count, bad_id, problem }) {
  if (ok) return count ? `The record is whole: ${howMany(count, "entry", "entries")}, each following from the one before.` : "Nothing is recorded yet.";
  return `The record was tampered with: ${problem}${bad_id ? ` (${bad_id})` : ""}. Up to entry ${figure(count)} it is whole.`;
}
