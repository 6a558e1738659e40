/**
 * Types of Baton's widget, for the site that carries it: save this file beside your own, and `window.$baton` and its
 * events are known.
 */

/** Who your visitor is, as your site knows them. Without a right `hash`, name and email are an unverified claim. */
export interface BatonUser {
  /** Your own id of the person; needed with `hash`. */
  id?: string | null;
  name?: string | null;
  email?: string | null;
  /** HMAC-SHA256 of `id` under the workspace's identity secret, in hex. Made on your server, never in the page. */
  hash?: string | null;
}

/** `invalid`: a method was called wrongly. `identity`: the hash is wrong or missing. `unreachable`: no answer from Baton. */
export type BatonErrorCode = "invalid" | "identity" | "unreachable";

/** What the events carry in `detail`. Each is dispatched on `document` as `baton:` and its name. */
export interface BatonEvents {
  ready: null;
  open: null;
  close: null;
  message: { role: "user" | "assistant" | "human-agent"; text: string };
  /** A person joined. */
  human: { name: string };
  /** The person handed back. */
  bot: { name: string };
  /** The visitor left an address. */
  lead: Record<string, unknown>;
  unread: { count: number };
  error: { code: BatonErrorCode; message: string };
}

/** `window.$baton`, once the loader has run. */
export interface Baton {
  open(): void;
  close(): void;
  toggle(): void;
  isOpen(): boolean;
  /** Shows the launcher, also to a visitor who had hidden the chat for good. */
  show(): void;
  /** Hides the launcher on this page. */
  hide(): void;
  identify(user: BatonUser): void;
  /** The same as `identify`. */
  setUser(user: BatonUser): void;
  /** Forgets the visitor in this browser: call it when they sign out. */
  reset(): void;
  /** Takes the widget off the page, with everything it listens to. */
  destroy(): void;
  on<Name extends keyof BatonEvents>(name: Name, listener: (event: CustomEvent<BatonEvents[Name]>) => void): void;
  off<Name extends keyof BatonEvents>(name: Name, listener: (event: CustomEvent<BatonEvents[Name]>) => void): void;
  /** Puts a text into the field, for the visitor to send or not. */
  prefill(text: string): void;
  /** Opens the chat with the form for an address in it. */
  showLeadForm(): void;
}

declare global {
  interface Window {
    $baton?: Baton;
  }
  interface DocumentEventMap {
    "baton:ready": CustomEvent<BatonEvents["ready"]>;
    "baton:open": CustomEvent<BatonEvents["open"]>;
    "baton:close": CustomEvent<BatonEvents["close"]>;
    "baton:message": CustomEvent<BatonEvents["message"]>;
    "baton:human": CustomEvent<BatonEvents["human"]>;
    "baton:bot": CustomEvent<BatonEvents["bot"]>;
    "baton:lead": CustomEvent<BatonEvents["lead"]>;
    "baton:unread": CustomEvent<BatonEvents["unread"]>;
    "baton:error": CustomEvent<BatonEvents["error"]>;
  }
}
