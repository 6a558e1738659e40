/** @import { Boot, Entry, Source } from "../../widget/types.js" */

/** @typedef {{ question: string, answer: string, sources: Source[], reply: string }} Dialogue What is said, in the widget's language. */

const ANA = { name: "Ana" };
const VISITOR = { name: "Visitor" };

/**
 * What a visitor's socket would be told when it says hello, for a scene of the preview.
 *
 * @param {string} scene
 * @param {Boot & { dialogue: Dialogue }} boot
 */
export function sceneOf(scene, { agent, conversation_id, dialogue: { question, answer, sources, reply } }) {
  /** @type {Partial<Entry>[]} */
  const answered = [
    { type: "message", role: "user", text: question, author: VISITOR, client_id: "c-preview" },
    { type: "message", role: "assistant", text: answer, author: { name: agent.name }, known: true, sources },
  ];
  /** @type {Partial<Entry>[]} */
  const waits = [...answered, { type: "waiting", author: VISITOR }];
  /** @type {Record<string, Partial<Entry>[]>} */
  const scenes = {
    answer: answered,
    waiting: waits,
    offline: waits,
    person: [...answered, { type: "claimed", author: ANA, holder: ANA }, { type: "message", role: "human-agent", text: reply, author: ANA }],
  };
  const created_at = new Date().toISOString();
  const entries = (scenes[scene] ?? []).map((entry, index) => ({ ...entry, seq: index + 1, id: `preview:${index + 1}`, created_at }));
  return {
    type: "ready",
    channel: `conversation.${conversation_id}`,
    conversation_id,
    token: "preview",
    agent,
    entries,
    seq: entries.length,
    holder: scene === "person" ? ANA : null,
    waiting: scene === "waiting" || scene === "offline",
    team_online: scene !== "offline",
    more: false,
  };
}
