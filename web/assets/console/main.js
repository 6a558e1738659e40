import { startTimes } from "./figures/live_times.js";
import { startActions } from "./keys/general_actions.js";
import { startKeyboardPage } from "./keys/page.js";
import { startInbox } from "./leads/inbox.js";
import { startNews } from "./leads/news.js";
import { startConversations } from "./list/conversations.js";
import { startAccount } from "./page/account.js";
import { pageData } from "./page/data.js";
import { startElsewhere } from "./page/elsewhere.js";
import { startViewport } from "./page/viewport.js";
import { startWaitingBadge } from "./page/waiting_badge.js";
import { startManaging } from "./settings/manage.js";
import { startProfile } from "./settings/profile.js";
import { startTeam } from "./settings/team.js";

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
