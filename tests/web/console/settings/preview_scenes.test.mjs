import assert from "node:assert/strict";
import { test } from "node:test";
import { sceneOf } from "../../../../web/assets/console/settings/preview_scenes.js";

test("each scene of the preview is said in the words it was given, and stands where its name says", () => {
  const dialogue = { question: "Q", answer: "A", sources: [], reply: "R" };
  const boot = { agent: { name: "Nora", greeting: "Hi", avatar_url: "" }, conversation_id: "c", dialogue };
  const told = (scene) => {
    const { entries, holder, waiting, team_online, seq } = sceneOf(scene, boot);
    assert.deepEqual(entries.map((each) => each.seq), Array.from({ length: seq }, (_, at) => at + 1));
    return [entries.map((each) => each.text ?? each.type).join(" "), holder?.name ?? "", waiting, team_online];
  };
  assert.deepEqual(told("greeting"), ["", "", false, true]);
  assert.deepEqual(told("answer"), ["Q A", "", false, true]);
  assert.deepEqual(told("waiting"), ["Q A waiting", "", true, true]);
  assert.deepEqual(told("offline"), ["Q A waiting", "", true, false]);
  assert.deepEqual(told("person"), ["Q A claimed R", "Ana", false, true]);
});
