import { startAccount } from "./account.js";
import { startConversations } from "./conversations.js";
import { startElsewhere } from "./elsewhere.js";
import { startInbox } from "./inbox.js";
import { startTimes } from "./live_times.js";
import { pageData } from "./page_data.js";
import { startNews } from "./news.js";
import { startProfile } from "./profile.js";
import { startTeam } from "./team.js";
import { startViewport } from "./viewport.js";
import { startWaitingBadge } from "./waiting_badge.js";

const data = pageData();
startTimes(data.now);
startAccount();
startViewport();
const news = startNews(data.me);
startWaitingBadge(data.waiting, start());
if (data.page === "team") startTeam(data);
if (data.page === "account") startProfile(data);
if (["system", "agent", "knowledge", "source", "widget", "webhooks", "team", "audit"].includes(data.page)) import("./manage.js").then(({ startManaging }) => startManaging(data));

/** What the page is for; gives its socket. */
function start() {
  if (data.page === "conversations") return startConversations(data, news);
  if (data.page === "inbox") return startInbox(/** @type {any} */ (data), news);
  return startElsewhere(news);
}
