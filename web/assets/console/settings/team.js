import { ApiError, api } from "../connection/api.js";
import { announce } from "../parts/announce.js";
import { confirm } from "../parts/confirm.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { showMember } from "./team_row.js";

/** @import {Me, PageData} from "../types.js" */
/** @import {TeamMember} from "./team_row.js" */

const TEAM = "/app/settings/team";
const ANCHOR = "member-";

/** `/app/settings/team`. @param {PageData} data */
export function startTeam(data) {
  const { members } = /** @type {{members: TeamMember[]}} */ (/** @type {unknown} */ (data.list));
  const team = new Team(data.me, members);
  team.show();
  team.showNamed();
  addEventListener("hashchange", () => team.showNamed());
  startForm(byId("invite", HTMLFormElement), (values) => team.invite(values));
}

class Team {
  /** @param {Me} me @param {TeamMember[]} members */
  constructor(me, members) {
    this.me = me;
    this.members = members;
    this.rows = /** @type {Map<string, HTMLElement>} */ (new Map());
  }

  show() {
    const owners = this.members.filter((each) => each.role === "owner" && each.accepted_at).length;
    const list = byId("members");
    for (const member of this.members) {
      const row = this.rows.get(member.user_id) ?? this.newRow(member.user_id);
      showMember(row, member, this.me, owners);
      list.append(row);
    }
    setText(byId("members-count"), String(this.members.length));
    byId("team-alone").hidden = this.members.length > 1;
  }

  /** The address names a member, as the palette's lines do. */
  showNamed() {
    const row = location.hash.startsWith(`#${ANCHOR}`) ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  }

  /** @param {string} id */
  newRow(id) {
    const row = clone("member-template");
    row.id = `${ANCHOR}${id}`;
    row.tabIndex = -1;
    const role = part(row, "role-choice");
    role.addEventListener("change", () => this.changeRole(id, /** @type {HTMLSelectElement} */ (role).value));
    part(row, "resend").addEventListener("click", () => this.resend(id));
    part(row, "remove").addEventListener("click", () => this.remove(id));
    this.rows.set(id, row);
    return row;
  }

  /** @param {Record<string, string>} values @returns {Promise<string>} */
  async invite(values) {
    const { member } = await api("POST", `${TEAM}/invitations`, { body: values });
    this.members = [...this.members, member];
    this.show();
    byId("invite", HTMLFormElement).reset();
    return `Sent to ${member.email}.`;
  }

  /** @param {string} id @param {string} role */
  async changeRole(id, role) {
    await this.doFor(id, async (member) => {
      if (id === this.me.user.id && role !== member.role && !(await confirm(yourself(role)))) return;
      this.put((await api("POST", `${TEAM}/${id}/role`, { body: { role } })).member);
      this.say(`${nameOf(member)} is ${role} now.`);
      if (id === this.me.user.id) location.reload();
    });
  }

  /** @param {string} id */
  async resend(id) {
    await this.doFor(id, async (member) => {
      this.put((await api("POST", `${TEAM}/${id}/resend`)).member);
      this.say(`A new link is on its way to ${member.email}. The one before no longer works.`);
    });
  }

  /** @param {string} id */
  async remove(id) {
    await this.doFor(id, async (member) => {
      if (!(await confirm(removal(member, id === this.me.user.id)))) return;
      await api("DELETE", `${TEAM}/${id}`);
      this.members = this.members.filter((each) => each.user_id !== id);
      this.rows.get(id)?.remove();
      this.rows.delete(id);
      this.say(member.accepted_at ? `${nameOf(member)} is no longer in the team.` : `The invitation of ${member.email} is revoked.`);
      if (id === this.me.user.id) location.assign("/app");
    });
  }

  /** Do something with a member; whatever comes of it, their row shows how it is. @param {string} id @param {(member: TeamMember) => Promise<void>} what */
  async doFor(id, what) {
    const member = this.members.find((each) => each.user_id === id);
    const row = this.rows.get(id);
    if (!member || !row || row.hasAttribute("aria-busy")) return;
    row.setAttribute("aria-busy", "true");
    try {
      await what(member);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.say(error.message, true);
    } finally {
      row.removeAttribute("aria-busy");
      this.show();
    }
  }

  /** @param {TeamMember} changed */
  put(changed) {
    this.members = this.members.map((each) => (each.user_id === changed.user_id ? changed : each));
  }

  /** @param {string} text @param {boolean} [failed] */
  say(text, failed = false) {
    const notice = byId("team-notice");
    setText(notice, text);
    notice.hidden = false;
    notice.classList.toggle("notice-danger", failed);
    announce(text);
  }
}

/** @param {TeamMember} member */
const nameOf = (member) => member.name || member.email;

/** @param {string} role */
const yourself = (role) => ({
  title: `Make yourself ${role}?`,
  text: "You lose what only your present role may do. Somebody else has to give it back to you.",
  verb: `Become ${role}`,
});

/** @param {TeamMember} member @param {boolean} self */
function removal(member, self) {
  if (!member.accepted_at) return { title: `Revoke the invitation of ${member.email}?`, text: "The link in their mail stops working.", verb: "Revoke" };
  if (self) return { title: "Leave this workspace?", text: "You lose access at once. The conversations you hold go back to the bot.", verb: "Leave" };
  return {
    title: `Remove ${nameOf(member)}?`,
    text: "They lose access at once. The conversations they hold go back to the bot. What they wrote stays.",
    verb: "Remove",
  };
}
