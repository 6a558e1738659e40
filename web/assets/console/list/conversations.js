/** @import {PageData, Row, RowPage, View} from "../types.js" */
import { startTidying } from "../cleanup/tidy.js";
import { api } from "../connection/api.js";
import { Channels } from "../connection/channels.js";
import { ConnectionChip } from "../connection/chip.js";
import { startDetails } from "../details/pane.js";
import { byId } from "../parts/dom.js";
import { startSnippet } from "../parts/snippet.js";
import { tagActions } from "../tags/actions.js";
import { PendingTags } from "../tags/pending.js";
import { Tags } from "../tags/tags.js";
import { provideThread } from "../thread/actions.js";
import { Thread } from "../thread/thread.js";
import { catchingUp } from "./catching_up.js";
import { paramsOf, queryOf, setFilters, startFilters, viewFrom } from "./filters.js";
import { List } from "./list.js";
import { loadRows } from "./load.js";
import { focusRow, idBelow, leaveField, narrow } from "./panes.js";
import { provideReadAll } from "./read_all.js";

const BASE = "/app/conversations";

/**
 * /app/conversations: the list, the opened conversation, and the address that names both.
 *
 * @param {PageData} data
 * @param {import("../leads/news.js").News} news
 * @param {import("../keys/actions.js").Actions} actions
 * @returns {Channels}
 */
export function startConversations({ me, list: page, open }, news, actions) {
  let view = viewFrom(new URLSearchParams(location.search));
  /** @type {AbortController | undefined} */
  let loading;
  const pending = new PendingTags({
    tell: ({ id, tag, on }) => api("POST", `${BASE}/${encodeURIComponent(id)}/tags`, { body: on ? { add: [tag] } : { remove: [tag] } }),
    answered: (id) => list.tagged(id),
    changed: () => {
      list.repaint();
      tidy.retag();
    },
  });
  const tags = new Tags(pending);
  const hrefOf = (/** @type {string} */ id) => `${BASE}/${encodeURIComponent(id)}${queryOf(view)}`;
  const list = new List({ page, view, userId: me.user.id, hrefOf, tagsOf: (row) => tags.of(row), newest: (row) => pending.newest(row), more: (cursor) => loadRows(() => load(view, cursor), () => byId("load-more").click()) });
  const chip = new ConnectionChip();
  const channels = new Channels((state, code) => {
    chip.is(state, code);
    if (state === "lost") thread.disconnected();
  });
  const thread = new Thread(me, channels, (row) => list.apply(row));
  const catchUp = catchingUp({ list, chip, view: () => view, load });
  const sheet = startDetails();
  thread.missed = (count) => chip.missed(count);
  thread.drafted = () => list.repaint();
  const tidy = startTidying({ me, list, thread, tags, pending, view: () => view, reload: () => setView(view, false) });

  const show = (/** @type {string | null} */ id, opened = /** @type {PageData["open"]} */ (null)) => {
    const from = thread.id;
    sheet.close();
    document.body.dataset.pane = id ? "thread" : "list";
    list.select(id);
    if (!id) {
      thread.close();
      return focusRow(from);
    }
    void thread.open(id, opened);
    if (narrow()) byId("thread").focus();
  };
  const go = (/** @type {string | null} */ id) => {
    if (id === thread.id) return;
    history.pushState({ overList: !!id && !thread.id }, "", id ? hrefOf(id) : BASE + queryOf(view));
    show(id);
  };
  /** As the browser's own way back where that leads to the list: it never grows longer by going to and fro. */
  const back = () => {
    if (history.state?.overList) history.back();
    else go(null);
  };
  const setView = async (/** @type {View} */ next, push = true) => {
    view = next;
    if (push) history.replaceState(history.state, "", (thread.id ? hrefOf(thread.id) : BASE + queryOf(view)));
    loading?.abort();
    loading = new AbortController();
    const { signal } = loading;
    const fresh = await loadRows(() => load(next, null, signal), () => void setView(next, false));
    if (fresh && view === next) list.replace(fresh, view);
  };

  startFilters(view, setView);
  provideReadAll(actions, {
    path: `${BASE}/read`,
    mark: () => list.readAll(),
    marked: ({ seen_upto }) => list.seenUpto(seen_upto),
    said: "Every conversation is marked as read.",
  });
  startSnippet();
  provideThread(actions, {
    list,
    thread,
    search: () => byId("search").focus(),
    back: () => sheet.close() || thread.dock?.escape() || leaveField() || tidy.escape() || (thread.id && narrow() ? back() : false),
  });
  actions.provide({
    delete: { when: tidy.canPress, run: tidy.press },
    tick: tidy.tick,
    tag: { when: () => thread.row !== null && tags.all.length > 0, run: () => actions.search("Tag ") },
  });
  if (me.may.includes("tag")) actions.alsoFind(() => tagActions(thread.row, tags, pending));
  actions.visit = (href) => {
    const { pathname } = new URL(href, location.href);
    if (pathname.startsWith(`${BASE}/`)) go(idBelow(BASE, pathname));
    else location.assign(href);
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const id = /** @type {HTMLElement | null} */ (link.closest("#rows > [data-id]"))?.dataset.id ?? link.dataset.open;
    if (!id && !link.matches("[data-back]")) return;
    event.preventDefault();
    if (id) go(id);
    else back();
  });
  addEventListener("popstate", () => {
    const next = viewFrom(new URLSearchParams(location.search));
    if (queryOf(next) !== queryOf(view)) {
      setFilters(next);
      void setView(next, false);
    }
    show(idBelow(BASE, location.pathname));
  });

  channels.subscribe("workspace", {
    onFrame: (frame) => {
      tidy.heard(frame);
      if (frame.type === "subscribed") {
        chip.served(frame.assets);
        void catchUp.again();
      }
      if (frame.type === "conversation.changed" && frame.conversation) {
        const row = frame.conversation;
        catchUp.now(() => list.apply(row));
        thread.rowChanged(row);
      }
      if (frame.type === "conversations.seen" && frame.user_id === me.user.id && frame.upto) {
        const { upto } = frame;
        catchUp.now(() => list.seenUpto(upto));
      }
      if (frame.type === "lead.captured" && frame.lead) {
        const { lead } = frame;
        catchUp.now(() => list.named(lead));
        thread.leadCaptured(lead);
        if (!frame.updated) news.arrived(lead);
      }
      if (frame.type === "conversation.deleted" && frame.conversation_id) {
        const id = frame.conversation_id;
        catchUp.now(() => list.remove(id));
        if (thread.id === id) thread.deleted();
      }
    },
  });

  show(open?.conversation.id ?? idBelow(BASE, location.pathname), open);
  channels.open();
  return channels;
}

/** @param {View} view @param {string | null} [cursor] @param {AbortSignal} [signal] @returns {Promise<RowPage>} */
function load(view, cursor = null, signal) {
  const query = new URLSearchParams({ ...paramsOf(view), ...(cursor && { after: cursor }) });
  return api("GET", `${BASE}?${query}`, { signal });
}
