/** @import {InboxData, LeadPage, Opened} from "../types.js" */
import { ApiError, api } from "../connection/api.js";
import { Channels } from "../connection/channels.js";
import { ConnectionChip } from "../connection/chip.js";
import { startDetails } from "../details/pane.js";
import { catchingUp } from "../list/catching_up.js";
import { loadRows } from "../list/load.js";
import { focusRow, idBelow, leaveField, narrow } from "../list/panes.js";
import { provideReadAll } from "../list/read_all.js";
import { byId } from "../parts/dom.js";
import { startSnippet } from "../parts/snippet.js";
import { provideThread } from "../thread/actions.js";
import { Thread } from "../thread/thread.js";
import { LeadList } from "./list.js";

const BASE = "/app/inbox";
const SEARCH_PAUSE_MS = 250;

/**
 * /app/inbox: the leads, the conversation that produced the opened one, and the address that names both.
 *
 * @param {InboxData} data
 * @param {import("./news.js").News} news
 * @param {import("../keys/actions.js").Actions} actions
 * @returns {Channels}
 */
export function startInbox({ me, list: page, open }, news, actions) {
  let q = page.q ?? "";
  /** The lead that is wanted; answers about another come too late. @type {string | null} */
  let wanted = null;
  const query = () => (q ? `?${new URLSearchParams({ q })}` : "");
  const hrefOf = (/** @type {string} */ id) => `${BASE}/${encodeURIComponent(id)}${query()}`;
  const list = new LeadList({ page, q, hrefOf, more: (cursor) => loadRows(() => load(q, cursor), () => byId("load-more").click()) });
  const chip = new ConnectionChip();
  const channels = new Channels((state, code) => {
    chip.is(state, code);
    if (state === "lost") thread.disconnected();
  });
  const thread = new Thread(me, channels, () => {});
  const catchUp = catchingUp({ list, chip, view: () => q, load });
  const sheet = startDetails();
  thread.missed = (count) => chip.missed(count);
  thread.drafted = () => list.repaint();
  const search = byId("search", HTMLInputElement);

  const read = async (/** @type {string} */ id) => {
    catchUp.now(() => list.markRead(id));
    news.opened(id);
    const answer = await api("POST", `${BASE}/${encodeURIComponent(id)}/read`).catch(() => null);
    if (answer) news.unread(answer.unread);
  };
  const show = async (/** @type {string | null} */ id, opened = /** @type {Opened | null} */ (null)) => {
    const from = wanted;
    wanted = id;
    sheet.close();
    document.body.dataset.pane = id ? "thread" : "list";
    list.select(id);
    if (!id) {
      thread.close();
      return focusRow(from);
    }
    const asked = Promise.resolve(opened ?? api("GET", `${BASE}/${encodeURIComponent(id)}`));
    const conversation = opened?.conversation.id ?? list.find(id)?.conversation_id ?? (await asked.catch(() => null))?.conversation.id;
    if (wanted !== id) return;
    if (conversation) {
      void thread.open(conversation, asked);
      void read(id);
    } else thread.missing(new ApiError(404, {}));
    if (narrow()) byId("thread").focus();
  };
  const go = (/** @type {string | null} */ id) => {
    if (id === wanted) return;
    history.pushState({ overList: !!id && !wanted }, "", id ? hrefOf(id) : BASE + query());
    void show(id);
  };
  /** As the browser's own way back where that leads to the list: it never grows longer by going to and fro. */
  const back = () => {
    if (history.state?.overList) history.back();
    else go(null);
  };
  const look = async () => {
    const of = (q = search.value.trim());
    history.replaceState(history.state, "", wanted ? hrefOf(wanted) : BASE + query());
    const fresh = await loadRows(() => load(of), () => void look());
    if (fresh && q === of) list.replace(fresh, of);
  };

  search.value = q;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, SEARCH_PAUSE_MS);
  });
  byId("clear-search").addEventListener("click", () => {
    search.value = "";
    void look();
  });
  provideReadAll(actions, {
    path: `${BASE}/read`,
    mark: () => list.markAllRead(),
    marked: ({ unread }) => news.unread(unread),
    said: "Every lead is marked as read.",
  });
  startSnippet();
  provideThread(actions, {
    list,
    thread,
    search: () => search.focus(),
    back: () => sheet.close() || thread.dock?.escape() || leaveField() || (wanted && narrow() ? back() : false),
  });
  actions.visit = (href) => {
    const { pathname } = new URL(href, location.href);
    if (pathname.startsWith(`${BASE}/`)) go(idBelow(BASE, pathname));
    else location.assign(href);
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const id = /** @type {HTMLElement | null} */ (link.closest("[data-id]"))?.dataset.id;
    const isLead = id && link.matches("#rows a, #toasts a");
    if (!isLead && !link.matches("[data-back]")) return;
    event.preventDefault();
    if (isLead) go(id);
    else back();
  });
  addEventListener("popstate", () => {
    const wasQ = q;
    q = search.value = new URLSearchParams(location.search).get("q") ?? "";
    if (q !== wasQ) void look();
    void show(idBelow(BASE, location.pathname));
  });

  channels.subscribe("workspace", {
    onFrame: (frame) => {
      if (frame.type === "subscribed") {
        chip.served(frame.assets);
        void catchUp.again();
      }
      if (frame.type === "conversation.changed" && frame.conversation) thread.rowChanged(frame.conversation);
      if (frame.type === "conversation.deleted" && frame.conversation_id) {
        const id = frame.conversation_id;
        catchUp.now(() => list.removeConversation(id));
        if (thread.id === id) thread.deleted();
      }
      if (frame.type === "lead.captured" && frame.lead) {
        const lead = { ...frame.lead, unread: !frame.updated };
        catchUp.now(() => list.apply(lead));
        thread.leadCaptured(frame.lead);
        if (!frame.updated) news.arrived(lead);
      }
    },
  });

  void show(open?.lead?.id ?? idBelow(BASE, location.pathname), open);
  channels.open();
  return channels;
}

/** @param {string} q @param {string | null} [cursor] @returns {Promise<LeadPage>} */
function load(q, cursor = null) {
  const query = new URLSearchParams({ ...(q && { q }), ...(cursor && { after: cursor }) });
  return api("GET", `${BASE}${query.size ? `?${query}` : ""}`);
}
