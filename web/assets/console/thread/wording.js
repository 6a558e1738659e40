/** @import {Entry, Person, Typist} from "../types.js" */

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

/** @param {Person} person @param {string} userId */
const objectOf = (person, userId) => (person.user_id === userId ? "you" : person.name);
