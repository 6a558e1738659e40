/** What the widget says, in English. `{name}` stands for a value. */
const english = {
  "panel.label": "Chat with {name}",
  "panel.close": "Close chat",
  "more.label": "More",
  "more.hide": "Hide this chat",
  "more.hint": "It stays hidden on this site.",
  "header.bot": "AI agent · answers at once",
  "header.human": "Human is here",
  "log.label": "Conversation",
  "log.newer": "New messages",
  "log.older": "Earlier messages are not shown here",
  "log.removed": "The earlier conversation was deleted",
  "line.waiting": "You asked for a person",
  "line.claimed": "{name} joined",
  "line.released": "{name} handed back to {agent}",
  "message.you": "You",
  "message.typing": "{name} is writing",
  "message.sending": "Sending…",
  "message.sent": "Sent",
  "message.failed": "Couldn't send.",
  "message.retry": "Retry",
  "message.person": "Talk to a person",
  "sources.label": "Sources",
  "sources.open": "Source {number}: {title}",
  "sources.read": "Read more",
  "composer.label": "Your message",
  "composer.hint": "Write a message…",
  "composer.send": "Send",
  "composer.long": "A message has at most {most} characters, and this one has {length}.",
  "person.ask": "Talk to a person",
  "next.online": "The team has been told. You can keep writing, whoever joins reads it all.",
  "next.offline": "The team has been told, but nobody is online now. Leave an address, and the answer finds you.",
  "next.reachable": "The team has your address. You can keep writing, whoever joins reads it all.",
  "next.leave": "Leave your address",
  "next.lost": "No connection. Trying again…",
  "next.lost_unsent": "No connection. Your message goes out as soon as it is back.",
  "next.ended": "The chat is not available here.",
  "lead.title": "Where can we reach you?",
  "lead.email": "E-mail",
  "lead.name": "Name",
  "lead.phone": "Phone",
  "lead.message": "What is it about?",
  "lead.optional": " (optional)",
  "lead.send": "Send",
  "lead.skip": "Not now",
  "lead.sending": "Sending…",
  "lead.thanks": "Thank you. We will get back to you at {to}.",
  "lead.updated": "Thank you. We had {to} already, and keep what you changed.",
  "lead.missing": "Leave an address, so that we can reach you.",
  "lead.invalid": "That does not look like an e-mail address. Check it, please.",
};

/**
 * The text for `key` with its values put in.
 *
 * @param {string} key One of the above.
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  return (/** @type {Record<string, string>} */ (english)[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
