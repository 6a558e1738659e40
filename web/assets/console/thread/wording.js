/** @import {Entry, Person, Typist} from "../types.js" */
/** @import {Transcript} from "./transcript.js" */
import { hasWritten } from "./transcript.js";

/** "You" for oneself, the name for anybody else. @param {Person | undefined} person @param {string} userId */
const nameOf = (person, userId) => (person?.user_id === userId ? "You" : (person?.name ?? "Somebody"));

/** What an entry that is no message says. @param {Entry} entry @param {string} userId whose screen it is @param {string} visitor */
export function eventText(entry, userId, visitor) {
  const who = nameOf(entry.type === "claimed" ? (entry.holder ?? entry.author) : entry.author, userId);
  switch (entry.type) {
    case "waiting":
      return `${visitor} asked for a person`;
    case "claimed":
      return entry.taken_from ? `${who} took this over from ${objectOf(entry.taken_from, userId)}` : `${who} took over`;
    default:
      return `${who} handed back to the bot`;
  }
}

/**
 * "Zoë is writing…", "Ana and Ben are writing…"; nothing when nobody is. A bot whose words can be seen coming needs no telling.
 *
 * @param {{typing: Typist[], streams: {size: number}}} state @param {string} userId @param {string} visitor
 */
export function typingText({ typing, streams }, userId, visitor) {
  const names = typing
    .filter((each) => (each.who === "human" ? each.user_id !== userId : each.who === "visitor" || !streams.size))
    .map((each) => (each.who === "visitor" ? visitor : each.name || "The bot"));
  if (!names.length) return "";
  const list = new Intl.ListFormat("en", { type: "conjunction" }).format(names);
  return `${list} ${names.length === 1 ? "is" : "are"} writing…`;
}

/**
 * What the bot does in a conversation that it has: there is nothing to answer before the visitor wrote.
 *
 * @param {Pick<Transcript, "row" | "entries" | "visitorOnline">} state @param {string} visitor
 */
export function botText(state, visitor) {
  if (hasWritten(state)) return "The bot is answering.";
  return state.visitorOnline === false ? `${visitor} has not written, and the chat is not open.` : `${visitor} has not written yet. The bot will answer.`;
}

/** Whether the visitor is here. A page connects once its chat is opened: who is not here may have left, or may read on. @param {Pick<Transcript, "visitorOnline">} state */
export function presenceText(state) {
  if (state.visitorOnline === null) return "";
  return state.visitorOnline ? "On the page" : "Chat not open";
}

/** @param {Person} person @param {string} userId */
const objectOf = (person, userId) => (person.user_id === userId ? "you" : person.name);
