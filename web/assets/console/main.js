import { startAccount } from "./account.js";
import { startConversations } from "./conversations.js";
import { startElsewhere } from "./elsewhere.js";
import { startActions } from "./general_actions.js";
import { startInbox } from "./inbox.js";
import { startKeyboardPage } from "./keyboard_page.js";
import { startTimes } from "./live_times.js";
import { startManaging } from "./manage.js";
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
const actions = startActions(data);
startWaitingBadge(data.waiting, start());
if (data.page === "team") startTeam(data);
if (data.page === "account") startProfile(data);
if (data.page === "keyboard") startKeyboardPage(actions, data.me.user.id);
startManaging(data);
// What was sent too early goes now (early_submit.js).
dispatchEvent(new Event("baton:listening"));

/** What the page is for; gives its socket. */
function start() {
  if (data.page === "conversations") return startConversations(data, news, actions);
  if (data.page === "inbox") return startInbox(/** @type {any} */ (data), news, actions);
  return startElsewhere(news);
}
