/** @import {Action} from "../types.js" */

/**
 * Everything that has a name in the console: keys, palette, tooltips and the sheet of shortcuts are made from this list.
 *
 * `keys` are the presses that it has unless the member chose others, as `keymap.js` writes them; `typing`: also while
 * somebody writes; `repeats`: again while held down; `fixed`: nobody may give it other keys; `may`: for whom; `href`:
 * where it goes, on every page; `words`: what else one might call it.
 *
 * @typedef {object} Described
 * @property {string} id
 * @property {string} name
 * @property {"Conversation" | "List" | "Go to" | "General"} group
 * @property {string} [keys]
 * @property {boolean} [typing]
 * @property {boolean} [repeats]
 * @property {boolean} [fixed]
 * @property {Action} [may]
 * @property {string} [href]
 * @property {string} [words]
 * @property {string} [icon]
 */

/** @type {readonly Described[]} */
export const CATALOGUE = [
  { id: "claim", name: "Take over", group: "Conversation", keys: "t", may: "claim", words: "claim answer", icon: "hand" },
  { id: "release", name: "Hand back to bot", group: "Conversation", keys: "h", may: "claim", words: "release", icon: "undo-2" },
  { id: "write", name: "Write a reply, or search", group: "Conversation", keys: "/", words: "composer answer find", icon: "send-horizontal" },
  { id: "send", name: "Send", group: "Conversation", keys: "Mod+Enter", typing: true, may: "claim" },
  { id: "tag", name: "Tag", group: "Conversation", keys: "l", may: "tag", words: "label", icon: "tag" },
  { id: "details", name: "Show the details", group: "Conversation", keys: "i", words: "visitor lead claims", icon: "panel-right" },
  { id: "copy-link", name: "Copy the link", group: "Conversation", words: "address url share", icon: "copy" },
  { id: "delete", name: "Delete", group: "Conversation", keys: "#", may: "delete", words: "remove trash", icon: "trash-2" },
  { id: "next", name: "Next", group: "List", keys: "j", repeats: true, words: "down" },
  { id: "previous", name: "Previous", group: "List", keys: "k", repeats: true, words: "up" },
  { id: "open", name: "Open", group: "List", keys: "Enter", fixed: true },
  { id: "tick", name: "Tick for several at once", group: "List", keys: "x", may: "delete", words: "select" },
  { id: "read-all", name: "Mark all read", group: "List", keys: "Shift+m", words: "unread seen", icon: "check" },
  { id: "inbox", name: "Inbox", group: "Go to", keys: "g i", href: "/app/inbox", words: "leads", icon: "inbox" },
  { id: "conversations", name: "Conversations", group: "Go to", keys: "g c", href: "/app/conversations", words: "chats", icon: "messages-square" },
  { id: "waiting", name: "Who waits for a person", group: "Go to", keys: "g w", href: "/app/conversations?holder=waiting", words: "waiting queue", icon: "hand" },
  { id: "overview", name: "Overview", group: "Go to", keys: "g o", href: "/app/overview", words: "numbers analytics charts", icon: "chart-column" },
  { id: "audit", name: "Audit", group: "Go to", keys: "g a", href: "/app/audit", may: "manage", words: "log history", icon: "shield-check" },
  { id: "settings", name: "Settings", group: "Go to", keys: "g s", href: "/app/settings/system", may: "manage", words: "site title", icon: "settings" },
  { id: "settings-agent", name: "Settings: Agent", group: "Go to", href: "/app/settings/agent", may: "manage", words: "bot persona greeting", icon: "settings" },
  { id: "settings-knowledge", name: "Settings: Knowledge", group: "Go to", href: "/app/settings/knowledge", may: "manage", words: "sources documents", icon: "settings" },
  { id: "settings-widget", name: "Settings: Widget", group: "Go to", href: "/app/settings/widget", may: "manage", words: "origins rules lead form", icon: "settings" },
  { id: "settings-appearance", name: "Settings: Appearance", group: "Go to", href: "/app/settings/appearance", may: "manage", words: "colour theme position language widget", icon: "settings" },
  { id: "settings-webhooks", name: "Settings: Webhooks", group: "Go to", href: "/app/settings/webhooks", may: "manage", words: "deliveries", icon: "settings" },
  { id: "settings-team", name: "Settings: Team", group: "Go to", href: "/app/settings/team", may: "manage", words: "members invite roles", icon: "settings" },
  { id: "account", name: "Your account", group: "Go to", href: "/app/account", words: "name password sessions profile", icon: "user-round" },
  { id: "keyboard", name: "Your keys", group: "Go to", href: "/app/account/keyboard", words: "keyboard shortcuts remap", icon: "keyboard" },
  { id: "palette", name: "Search and do", group: "General", keys: "Mod+k", typing: true, words: "command palette find" },
  { id: "help", name: "Keyboard shortcuts", group: "General", keys: "?", words: "help keys", icon: "keyboard" },
  { id: "back", name: "Close, or go back", group: "General", keys: "Escape", fixed: true, typing: true },
  { id: "theme-light", name: "Theme: light", group: "General", words: "colour bright", icon: "sun-moon" },
  { id: "theme-dark", name: "Theme: dark", group: "General", words: "colour night", icon: "sun-moon" },
  { id: "theme-system", name: "Theme: as the system", group: "General", words: "colour auto", icon: "sun-moon" },
  { id: "sign-out", name: "Sign out", group: "General", words: "log out leave", icon: "log-out" },
];

/** In this order. */
export const GROUPS = /** @type {const} */ (["Conversation", "List", "Go to", "General"]);
