import { ApiError, api } from "../connection/api.js";
import { setTime } from "../figures/live_times.js";
import { switchTo } from "../page/places.js";
import { announce } from "../parts/announce.js";
import { confirm } from "../parts/confirm.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { setIcon } from "../parts/icon.js";

/** @import {Me, PageData} from "../types.js" */
/** @import {Place} from "../page/places.js" */
/** @typedef {{id: string, device: string, phone: boolean, ip: string, created_at: string, seen_at: string, current: boolean}} OwnSession */
/** @typedef {{workspaces: Place[], lead_mail: boolean, sessions: OwnSession[]}} Profile */

const ACCOUNT = "/app/account";

/** `/app/account`. @param {PageData} data */
export function startProfile(data) {
  const profile = /** @type {Profile} */ (/** @type {unknown} */ (data.list));
  startForm(byId("name-form", HTMLFormElement), rename);
  startForm(byId("password-form", HTMLFormElement), changePassword);
  startLeadMail(profile.lead_mail);
  showSessions(profile.sessions);
  byId("end-others").addEventListener("click", () => tried(endOthers));
  byId("own-places").replaceChildren(...profile.workspaces.map((place) => placeRow(place, data.me)));
  byId("places-alone").hidden = profile.workspaces.length > 1;
}

/** @param {Record<string, string>} values */
async function rename(values) {
  const { user } = await api("POST", `${ACCOUNT}/name`, { body: values });
  for (const each of document.querySelectorAll("[data-own-name]")) setText(each, user.name);
  return "Saved.";
}

/** @param {Record<string, string>} values */
async function changePassword(values) {
  await api("POST", `${ACCOUNT}/password`, { body: values });
  byId("password-form", HTMLFormElement).reset();
  await refreshSessions();
  return "Changed. Your other sessions have ended.";
}

/** @param {boolean} wanted */
function startLeadMail(wanted) {
  const box = /** @type {HTMLInputElement | null} */ (document.getElementById("lead-mail"));
  if (!box) return;
  box.checked = wanted;
  box.addEventListener("change", async () => {
    const done = await tried(async () => {
      await api("POST", `${ACCOUNT}/notifications`, { body: { lead_mail: box.checked } });
      say(box.checked ? "You get an e-mail for each new lead." : "You get no e-mail for new leads.");
    });
    if (!done) box.checked = !box.checked;
  });
}

/** @param {OwnSession[]} sessions */
function showSessions(sessions) {
  byId("own-sessions").replaceChildren(...sessions.map(sessionRow));
  byId("end-others").hidden = sessions.length < 2;
  byId("sessions-alone").hidden = sessions.length > 1;
}

/** @param {OwnSession} session */
function sessionRow(session) {
  const row = clone("session-template");
  setIcon(/** @type {Element} */ (row.querySelector(".icon")), session.phone ? "smartphone" : "monitor");
  setText(part(row, "device"), session.device);
  setText(part(row, "ip"), session.ip);
  part(row, "current").hidden = !session.current;
  part(row, "seen").hidden = session.current;
  setTime(part(row, "seen-at"), session.seen_at, "clock");
  setTime(part(row, "created"), session.created_at, "clock");
  const end = part(row, "end");
  end.hidden = session.current;
  end.setAttribute("aria-label", `Sign out ${session.device}, ${session.ip}`);
  end.addEventListener("click", () => tried(() => endSession(session)));
  return row;
}

/** @param {OwnSession} session */
async function endSession(session) {
  await api("DELETE", `${ACCOUNT}/sessions/${session.id}`);
  await refreshSessions();
  say(`${session.device} is signed out.`);
}

async function endOthers() {
  const { ended } = await api("DELETE", `${ACCOUNT}/sessions`);
  await refreshSessions();
  say(ended === 1 ? "One other session has ended." : `${ended} other sessions have ended.`);
}

async function refreshSessions() {
  showSessions((await api("GET", ACCOUNT)).sessions);
}

/** @param {Place} place @param {Me} me */
function placeRow(place, me) {
  const row = clone("place-template");
  const here = place.id === me.workspace.id;
  setText(part(row, "name"), place.name);
  setText(part(row, "role"), place.role.charAt(0).toUpperCase() + place.role.slice(1));
  part(row, "here").hidden = !here;
  const open = part(row, "open");
  open.hidden = here;
  open.addEventListener("click", () => switchTo(place.id));
  const leave = part(row, "leave");
  leave.setAttribute("aria-label", `Leave ${place.name}`);
  leave.addEventListener("click", () => tried(() => leavePlace(place, row, here)));
  return row;
}

/** @param {Place} place @param {HTMLElement} row @param {boolean} here */
async function leavePlace(place, row, here) {
  const sure = await confirm({
    title: `Leave ${place.name}?`,
    text: "You lose access at once. The conversations you hold go back to the bot.",
    verb: "Leave",
  });
  if (!sure) return;
  await api("DELETE", `/app/workspaces/${place.id}`);
  if (here) location.assign("/app");
  row.remove();
  byId("places-alone").hidden = byId("own-places").children.length > 1;
  say(`You left ${place.name}.`);
}

/** Do something; when it is refused, say why. @param {() => Promise<void>} what @returns {Promise<boolean>} whether it was done */
async function tried(what) {
  try {
    await what();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.message, true);
    return false;
  }
}

/** @param {string} text @param {boolean} [failed] */
function say(text, failed = false) {
  const notice = byId("account-notice");
  setText(notice, text);
  notice.hidden = false;
  notice.classList.toggle("notice-danger", failed);
  announce(text);
}
