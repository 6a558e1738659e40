/** The shapes of ops/PROTOCOL.md that the console handles, and those it makes of them. */

export type Role = "user" | "assistant" | "human-agent";
export type Action = "look" | "claim" | "take" | "tag" | "delete" | "manage_tags" | "manage" | "own";

export interface Person {
  user_id?: string;
  name: string;
}

export interface Holder extends Person {
  claimed_at: string;
}

export interface Source {
  title: string;
  snippet?: string;
  url?: string;
}

export interface Page {
  url?: string;
  title?: string;
  referrer?: string;
}

export interface Row {
  id: string;
  visitor_id?: string;
  visitor_name: string;
  created_at: string;
  last_activity_at: string;
  seq: number;
  user_message_count: number;
  claimed_by_user_id: string | null;
  claimed_by_name?: string | null;
  claimed_at: string | null;
  waiting_since: string | null;
  badge: { kind: "bot" | "waiting" | "human"; label: string };
  preview?: string | null;
  preview_role?: Role | null;
  page?: Page | null;
  tag_ids?: string[];
  /** Grows with every change of them. */
  tags_version?: number;
  has_lead?: boolean;
  /** What the lead that came last is called. */
  lead_name?: string;
  /** Who the site says the visitor is. */
  person?: { id: string; name: string; email: string; verified: boolean } | null;
  /** The language Baton speaks to the visitor in, such as "de". */
  language?: string;
  /** Of their browser, such as "Europe/Berlin". */
  time_zone?: string;
  /** The seq of the visitor's newest message, 0 without any. */
  last_user_seq?: number;
  last_user_at?: string | null;
  /** The seq up to which each member has read. */
  seen?: Record<string, number>;
  /** In a search, why this was found. */
  match?: Match;
}

/** A line that has searched words; `pieces` are in turn plain and marked. */
export interface Match {
  in: "message" | "note" | "name" | "email" | "phone" | "page" | "member";
  role?: Role;
  pieces: string[];
}

/** A page that the visitor came to. */
export interface Visited {
  url: string;
  title: string;
  at: string;
}

export interface VisitorFacts {
  first_seen_at: string;
  visits: number;
  device: string;
  phone: boolean;
}

export interface Entry {
  seq: number;
  type: "message" | "waiting" | "claimed" | "released";
  id: string;
  created_at: string;
  author?: Person;
  role?: Role;
  text?: string;
  client_id?: string;
  sources?: Source[];
  stream_id?: string;
  known?: boolean;
  holder?: Holder;
  taken_from?: Person;
  note?: string;
}

/** An own reply that the server has not acknowledged yet, or refused. */
export interface Pending {
  client_id: string;
  text: string;
  created_at: string;
  state: "pending" | "sent" | "failed";
  error?: string;
}

export interface Typist extends Person {
  who: "visitor" | "bot" | "human";
}

export interface Me {
  user: { id: string; name: string; email: string };
  workspace: { id: string; name: string; slug: string; key: string };
  role: string;
  may: Action[];
}

export interface View {
  show: "engaged" | "all";
  q: string;
  holder: "" | "waiting" | "mine" | "bot" | "others";
  tag: string;
}

export interface Tag {
  id: string;
  name: string;
  colour: string;
}

export interface RowPage {
  conversations: Row[];
  next: string | null;
  any?: boolean;
  /** What was written up to then counts as read by the member. */
  seen_upto?: string | null;
}

/** What a visitor left to be reached by. `unread` is of the member who asks. */
export interface Lead {
  id: string;
  conversation_id: string;
  name: string;
  email: string;
  phone: string;
  message: string;
  source: "form" | "rule" | "request";
  rule: string;
  page: Page;
  consent: string;
  captured_at: string;
  updated_at: string | null;
  unread?: boolean;
}

export interface LeadPage {
  leads: Lead[];
  next: string | null;
  any: boolean;
  q?: string;
}

export interface InboxData {
  me: Me;
  list: LeadPage;
  open: Opened | null;
}

export interface Opened {
  conversation: Row;
  entries: Entry[];
  lead?: Lead | null;
  visitor?: VisitorFacts | null;
  pages?: Visited[];
}

export interface PageData {
  page: "conversations" | "inbox" | "overview" | "team" | "account" | "keyboard" | "system" | "agent" | "knowledge" | "source" | "widget" | "widget_api" | "appearance" | "webhooks" | "audit";
  now: string;
  me: Me;
  waiting: string[];
  keyboard: { keys: Record<string, string>; single: boolean };
  list: RowPage & Partial<View>;
  open: Opened | null;
}

/** A frame from the server; which fields are there depends on `type`. */
export interface Frame {
  type: string;
  channel?: string;
  ref?: string;
  after?: number;
  seq?: number;
  reset?: boolean;
  entries?: Entry[];
  message?: Entry;
  entry?: Entry;
  holder?: Holder | null;
  waiting_since?: string | null;
  conversation?: Row;
  conversation_id?: string;
  left?: number;
  total?: number;
  lead?: Lead;
  updated?: boolean;
  stream_id?: string;
  offset?: number;
  text?: string;
  who?: Typist["who"];
  on?: boolean;
  name?: string;
  user_id?: string;
  operators?: Person[];
  visitor_online?: boolean;
  top?: Record<string, number>;
  page?: Visited;
  pages?: Visited[];
  assets?: string;
  upto?: string;
  code?: string;
}
