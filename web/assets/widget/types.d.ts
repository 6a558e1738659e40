/** Shapes of the wire (ops/PROTOCOL.md) as the visitor's side sees them, and of what the widget makes of them. */

import type { BatonUser } from "./widget.js";

export interface Agent {
  name: string;
  greeting: string;
  avatar_url: string;
}

export interface Holder {
  name: string;
  claimed_at?: string;
}

export interface Source {
  title: string;
  snippet: string;
  url?: string;
}

/** One entry of a conversation's log. */
export interface Entry {
  seq: number;
  type: "message" | "waiting" | "claimed" | "released";
  id: string;
  created_at: string;
  author: { name: string };
  role?: "user" | "assistant" | "human-agent";
  text?: string;
  client_id?: string;
  sources?: Source[];
  stream_id?: string;
  known?: boolean;
  holder?: Holder;
}

/** A message of the visitor's that the log does not have yet. `created_at` is a time of this browser, in ms. */
export interface Pending {
  client_id: string;
  text: string;
  created_at: number;
  status: "sending" | "sent" | "failed";
  reason?: string;
}

/** The answer that the bot is writing; `length` counts code points. */
export interface Stream {
  id: string;
  text: string;
  length: number;
}

/** Everything that is shown of a conversation. */
export interface Log {
  channel: string;
  conversation_id: string;
  seq: number;
  entries: readonly Entry[];
  pending: readonly Pending[];
  stream: Stream | null;
  typing: { who: "bot" | "human"; name: string } | null;
  agent: Agent;
  holder: Holder | null;
  waiting: boolean;
  team_online: boolean;
  /** Older entries exist than those here. */
  more: boolean;
  /** Something was missed: ask again from `seq`. */
  gap: boolean;
  /** The conversation that was here was deleted by the site. */
  removed: boolean;
}

/** The answer to the loader's one request. */
export interface Boot {
  token: string;
  conversation_id: string;
  seq: number;
  agent: Agent;
  holder: Holder | null;
  team_online: boolean;
  panel: string;
  lead_form: { fields: string[]; required: string[]; consent: string };
  rules: Rule[];
  /** Why who the site says the visitor is was not believed, for its developers. */
  refused?: string;
  /** What the visitor is spoken to in, such as "de". */
  language: string;
  appearance: Appearance;
  /** The launcher's own. */
  words: Words;
}

/** How the site wants it to look; `style` are declarations of our server's. */
export interface Appearance {
  style: string;
  theme: string;
  position: string;
  face: "picture" | "icon" | "initial";
  questions: string[];
}

/** What the loader says. */
export interface Words {
  open: string;
  close: string;
  failed: string;
  offer: string;
}

/** Texts by key; those that count have a form for each of the language's plural categories. */
export type Catalogue = Record<string, string | Record<string, string>>;

/** When to offer the lead form; what is left out does not matter. */
export interface Rule {
  name: string;
  url?: string;
  seconds?: number;
  scroll?: number;
  messages?: number;
  unknown?: number;
  exit_intent?: boolean;
}

/** What rules ask for, as it is now. */
export interface Facts {
  seconds: number;
  /** Percent of the page. */
  scroll: number;
  messages: number;
  unknown: number;
  exit_intent: boolean;
}

/** Why the lead form stands there. */
export interface LeadCause {
  source: "form" | "rule" | "request";
  rule?: string;
}

export interface LeadState {
  state: "none" | "sending" | "sent";
  /** By field; `form` is about all of it. */
  errors: Record<string, string>;
  /** The conversation had this address already. */
  updated?: boolean;
}

/** What is kept for a visitor of one site between pages. */
export interface Memory {
  token?: string | null;
  conversation_id?: string;
  /** The last seq that the visitor has seen. */
  read?: number;
  /** What became of the lead form; nothing offers it again by itself. */
  lead?: "offered" | "skipped" | "sent";
  /** The visitor hid the chat for good. */
  gone?: boolean;
  /** How the widget looked last: the launcher need not wait to be told again. */
  look?: Appearance;
}

/** What the loader hands to the panel. */
export interface Context {
  key: string;
  base: URL;
  boot: Boot;
  options: { style: string; theme?: string; position?: string };
  /** The nonce of the site's script tag, if it has one. */
  nonce: string;
  /** Who the site says the visitor is, now. */
  user(): BatonUser;
  page(): { url: string; title: string; referrer: string };
  recall(): Memory;
  remember(change: Memory): void;
  emit(name: string, detail?: unknown): void;
  /** @param label What the launcher is called then. */
  unread(count: number, label: string): void;
  /** What rules may ask for. */
  facts(change: Partial<Facts>): void;
  close(): void;
  isOpen(): boolean;
  /** Hides the chat for good. */
  dismiss(): void;
}

/** The panel, as the loader knows it. */
export interface Panel {
  /** Where it stands. */
  host: HTMLElement;
  /** Makes all of it, hidden, in tasks that are short. */
  build(): Promise<void>;
  /** Connects, once. */
  start(): void;
  show(focus: boolean): void;
  hide(): void;
  prefill(text: string): void;
  showLeadForm(cause?: LeadCause): boolean;
  /** Tells again what rules ask for. */
  look(): void;
  stop(): void;
}

declare global {
  /** What a file says, by its path below `web/assets`. The server puts it there (server/front/visitor_files.py); `{language}` is the panel's. */
  function contentOf(path: `${string}.css`): string;
  function contentOf(path: `${string}.json`): Catalogue;
}
