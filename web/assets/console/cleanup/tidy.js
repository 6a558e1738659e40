/** @import {Frame, Me, View} from "../types.js" */
/** @import {List} from "../list/list.js" */
/** @import {PendingTags} from "../tags/pending.js" */
/** @import {Tags} from "../tags/tags.js" */
/** @import {Thread} from "../thread/thread.js" */
import { showTagFilter } from "../tags/filter.js";
import { startTagManager } from "../tags/manager.js";
import { DetailsExtra } from "../tags/picker.js";
import { Cleanup, showTick } from "./cleanup.js";

/**
 * Clean-up and tags on the page of conversations, as far as the member may.
 *
 * @param {{me: Me, list: List, thread: Thread, tags: Tags, pending: PendingTags, view: () => View, reload: () => Promise<void>}} options
 */
export function startTidying({ me, list, thread, tags, pending, view, reload }) {
  const cleanup = me.may.includes("delete") ? new Cleanup({ list, view, opened: () => thread.row, reload }) : null;
  const manager = me.may.includes("manage_tags") ? startTagManager(tags) : null;
  const extra = new DetailsExtra({
    tags,
    pending,
    onDelete: (row) => cleanup?.deleteOne(row),
    onManage: () => manager?.open(),
  });
  if (cleanup) {
    list.extra = { row: (element, id) => showTick(element, cleanup.ticked(id)), painted: (order) => cleanup.shown(order) };
  }
  thread.shown = (row) => extra.show(row);
  extra.show(thread.row);
  tags.onChange = () => {
    showTagFilter(tags.all, view().tag);
    extra.show(thread.row);
    manager?.show();
    list.repaint();
  };
  void tags.load();
  return {
    /** Tags of the opened conversation are another, or why one was refused. */
    retag: () => extra.show(thread.row),
    press: () => (cleanup ? cleanup.press() : false),
    canPress: () => cleanup?.canPress ?? false,
    /** The row in focus, as a click on its box does. */
    tick: () => cleanup?.tickFocused() ?? false,
    /** Esc */
    escape: () => cleanup?.clear() ?? false,
    /** @param {Frame} frame */
    heard: (frame) => {
      cleanup?.heard(frame);
      if (frame.type === "tags.changed" || frame.type === "subscribed") void tags.load();
    },
  };
}
