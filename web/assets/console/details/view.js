/** @import {Visited} from "../types.js" */
/** @import {Transcript} from "../thread/transcript.js" */
import { howMany } from "../figures/figures.js";
import { setClock, setTime } from "../figures/live_times.js";
import { byId, clone, part, setAddress, setText } from "../parts/dom.js";
import { leadTo, safeUrl } from "../parts/links.js";
import { reconcile } from "../parts/reconcile.js";
import { presenceText } from "../thread/wording.js";
import { calledOf, showProof } from "./called.js";
import { showClaims } from "./claims_view.js";
import { showLead } from "./lead_view.js";

/** The pane at the right: who the visitor is, where they were, who had the conversation, who looks at it. @param {Transcript} state @param {string} userId */
export function showDetails(state, userId) {
  const body = detailsIn(byId("details-body"));
  showLead(body, state.lead);
  showVisitor(body, state);
  showPages(body, state);
  showClaims(body, state.entries, userId);
  part(body, "watching-section").hidden = !state.operators.length;
  reconcile(part(body, "watching"), state.operators, {
    key: (each) => each.user_id ?? each.name,
    create: () => document.createElement("li"),
    update: (element, each) => setText(element, each.user_id === userId ? `${each.name} (you)` : each.name),
  });
}

/** Made when a conversation is first shown, above what tags and clean-up put there. @param {HTMLElement} pane */
function detailsIn(pane) {
  if (!pane.querySelector('[data-part="details"]')) pane.prepend(clone("details-template"));
  return part(pane, "details");
}

/** Who the site says it is, and whether that was proved. @param {import("../types.js").Row["person"]} person */
function personText(person) {
  if (!person) return "";
  const told = [person.name, person.email, person.id && `id ${person.id}`].filter(Boolean).join(" · ");
  return `${told} (${person.verified ? "verified" : "not verified"})`;
}

/** @param {string | undefined} tag What their page, or else their browser, is in. */
const languageText = (tag) => (tag && new Intl.DisplayNames("en", { type: "language" }).of(tag)) || "";

/** @param {Element} body @param {Transcript} state */
function showVisitor(body, state) {
  const { row, lead, visitor } = state;
  const called = calledOf(row, lead);
  const count = row.user_message_count;
  setAddress(part(body, "name"), called.name);
  showProof(body, called);
  setText(part(body, "online"), presenceText(state) || "–");
  showTerm(body, "person", personText(row.person));
  showTerm(body, "device", visitor?.device ?? "");
  showTerm(body, "language", languageText(row.language));
  const zoned = setClock(part(body, "clock"), row.time_zone ?? "");
  part(body, "clock").hidden = part(body, "clock-term").hidden = !zoned;
  setTime(part(body, "created"), visitor?.first_seen_at ?? row.created_at, "clock");
  showTerm(body, "visits", visitor && visitor.visits > 1 ? `${ordinal(visitor.visits)} conversation` : "");
  setTime(part(body, "active"), row.last_activity_at, "ago");
  setText(part(body, "count"), howMany(count, "message"));
  showTerm(body, "referrer", short(row.page?.referrer ?? ""));
}

/** @param {Element} body @param {Transcript} state */
function showPages(body, { row, pages }) {
  const first = row.page?.url ? [{ url: row.page.url, title: row.page.title ?? "", at: row.created_at }] : [];
  const trail = pages.length ? pages : first;
  part(body, "pages-section").hidden = !trail.length;
  reconcile(part(body, "pages"), trail, {
    key: ({ url, at }) => `${at} ${url}`,
    create: () => clone("page-template"),
    update: showPage,
  });
}

/** @param {HTMLElement} element @param {Visited} page */
function showPage(element, { url, title, at }) {
  const href = safeUrl(url);
  const link = part(element, "link");
  setText(link, title || short(url));
  if (href) leadTo(link, href);
  setText(part(element, "path"), title ? short(url) : "");
  setTime(part(element, "time"), at, "clock");
}

/** A line that is there when there is something to say. @param {Element} body @param {string} name @param {string} text */
function showTerm(body, name, text) {
  setText(part(body, name), text);
  part(body, name).hidden = part(body, `${name}-term`).hidden = !text;
}

/** @param {string} url */
const short = (url) => url.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");

/** @param {number} number */
function ordinal(number) {
  const ends = /** @type {Record<string, string>} */ ({ one: "st", two: "nd", few: "rd", other: "th" });
  return `${number}${ends[new Intl.PluralRules("en", { type: "ordinal" }).select(number)]}`;
}
