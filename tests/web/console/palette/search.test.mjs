import assert from "node:assert/strict";
import { test } from "node:test";

import { PaletteSearch, membersFor } from "../../../../web/assets/console/palette/search.js";

const EDITH = { user_id: "u1", name: "Edith Novak", email: "edith@team.example", role: "editor", accepted_at: "2026-11-01T00:00:00.000Z", link_ends_at: null };
const PIA = { ...EDITH, user_id: "u2", name: "", email: "pia@team.example", role: "admin", accepted_at: null };

test("members are found by name and by address, and lead to their row of the team", () => {
  const [found] = membersFor("edith", [PIA, EDITH]);
  assert.deepEqual([found.name, found.detail, found.href], ["Edith Novak", "editor · edith@team.example", "/app/settings/team#member-u1"]);
  const [invited] = membersFor("pia", [PIA, EDITH]);
  assert.deepEqual([invited.name, invited.detail], ["pia@team.example", "Invited · admin"]);
  assert.deepEqual(membersFor("nobody at all", [PIA, EDITH]), []);
});

test("what could not be searched is said, beside what was found", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path.split("?")[0]);
    if (path.startsWith("/app/inbox")) throw new TypeError("no network");
    return new Response(JSON.stringify(path.startsWith("/app/conversations") ? { conversations: [{ id: "c1", visitor_name: "Visitor 4F2K", preview: "**Free** delivery", preview_role: "assistant" }, { id: "c2", visitor_name: "Visitor 9K1M", preview: "Bye", match: { in: "message", role: "assistant", pieces: ["…from ", "Edith", " herself"] } }] } : { members: [EDITH] }));
  };
  let again = "";
  const found = await new Promise((tell) => {
    const search = new PaletteSearch((items) => items && tell(items), (q) => (again = q), true);
    search.look("  edith ");
    t.mock.timers.tick(1_000);
  });
  assert.deepEqual(asked, ["/app/conversations", "/app/inbox", "/app/settings/team"]);
  assert.deepEqual(found.map(({ name }) => name), ["Visitor 4F2K", "Visitor 9K1M", "Edith Novak", "Couldn't search everything. Try again"]);
  assert.deepEqual([found[0].by, found[0].line], ["Bot: ", ["Free delivery"]]);
  assert.deepEqual(found[1].line, ["…from ", "Edith", " herself"]);
  found.at(-1).run();
  assert.equal(again, "edith");
});
