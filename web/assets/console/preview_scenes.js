/** @import { Boot, Entry } from "../widget/types.js" */

/**
 * What a visitor's socket would be told when it says hello, for a scene of the preview.
 *
 * @param {string} scene
 * @param {Boot} boot
 */
export function sceneOf(scene, { agent, appearance, conversation_id }) {
  const question = appearance.questions[0] ?? "Do you ship to Norway?";
  /** @type {Partial<Entry>[]} */
  const told = [
    { type: "message", role: "user", text: question, author: { name: "Visitor" }, client_id: "c-preview" },
    {
      ...{ type: "message", role: "assistant", author: { name: agent.name }, known: true },
      text: "Yes. Orders to Norway arrive within five working days [1], and duties are included [2].",
      sources: [
        { title: "Shipping abroad", snippet: "Orders to Norway arrive within five working days." },
        { title: "Customs", snippet: "Duties are included in the price." },
      ],
    },
    { type: "claimed", author: { name: "Ana" }, holder: { name: "Ana" } },
    { type: "message", role: "human-agent", text: "Hello, this is Ana. I have your order in front of me.", author: { name: "Ana" } },
  ];
  const count = { answer: 2, person: 4 }[scene] ?? 0;
  const created_at = new Date().toISOString();
  const entries = told.slice(0, count).map((entry, index) => ({ ...entry, seq: index + 1, id: `preview:${index + 1}`, created_at }));
  return {
    ...{ type: "ready", channel: `conversation.${conversation_id}`, conversation_id, token: "preview", agent, entries },
    ...{ seq: count, holder: scene === "person" ? { name: "Ana" } : null, waiting: false, team_online: true, more: false },
  };
}
