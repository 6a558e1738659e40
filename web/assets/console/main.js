import { startAccount } from "./account.js";
import { startConversations } from "./conversations.js";
import { startTimes } from "./live_times.js";
import { pageData } from "./page_data.js";
import { startProfile } from "./profile.js";
import { startTeam } from "./team.js";
import { startViewport } from "./viewport.js";

const data = pageData();
startTimes(data.now);
startAccount();
startViewport();
if (data.page === "conversations") startConversations(data);
if (data.page === "team") startTeam(data);
if (data.page === "account") startProfile(data);
if (["system", "agent", "knowledge", "source", "widget", "webhooks", "audit"].includes(data.page)) import("./manage.js").then(({ startManaging }) => startManaging(data));
