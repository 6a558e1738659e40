import { setTime } from "../figures/live_times.js";
import { byId } from "../parts/dom.js";
import { startAppearance } from "./appearance.js";
import { startAudit } from "./audit.js";
import { startAgent, startSystem } from "./basics.js";
import { startKnowledge } from "./knowledge.js";
import { startTryOut } from "./tryout.js";
import { startWebhooks } from "./webhooks.js";
import { startWidgetSettings } from "./widget.js";
import { startWidgetApi } from "./widget_api.js";

/** @import {PageData} from "../types.js" */

/** What the pages of settings and the audit log are for; nothing on others. @param {PageData} data */
export function startManaging(data) {
  showTab(document.querySelector(".settings-nav ul"));
  const list = /** @type {any} */ (data.list);
  if (data.page === "system") startSystem();
  if (data.page === "agent") {
    startAgent();
    startTryOut(list.settings.agent.name);
  }
  if (data.page === "knowledge") startKnowledge(list.sources);
  if (data.page === "source") setTime(byId("source-updated"), list.source.updated_at, "clock");
  if (data.page === "appearance") startAppearance(list.settings);
  if (data.page === "widget") startWidgetSettings(list.settings);
  if (data.page === "widget_api") startWidgetApi(data.me.workspace.key, list);
  if (data.page === "webhooks") startWebhooks(list);
  if (data.page === "audit") startAudit(list);
}

/** The tab of this page is in view, however narrow the row of tabs is or becomes. @param {HTMLElement | null} row */
function showTab(row) {
  const tab = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[aria-current]"));
  if (!row || !tab) return;
  new ResizeObserver(() => {
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }).observe(row);
}
