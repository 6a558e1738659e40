/** @import {Holder} from "../types.js" */
import { refusalWords } from "./api_words.js";

const LIMIT_MS = 20_000;
const LEAVING_MS = 10_000;

/** A request that was refused, or never answered: then `status` is 0. `message` is in words for the operator. */
export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, message?: string, holder?: Holder, fields?: Record<string, string>}} error `fields`: what is wrong, by field */
  constructor(status, { code = "failed", message = refusalWords(status), holder, fields = {} }) {
    super(message);
    this.status = status;
    this.code = code;
    this.holder = holder;
    this.fields = fields;
  }
}

/**
 * One JSON request to the console's routes.
 *
 * @param {"GET" | "POST" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {{body?: object, signal?: AbortSignal, limit_ms?: number}} [options] a file goes as it is, all else as JSON
 * @returns {Promise<any>}
 */
export async function api(method, path, { body, signal, limit_ms = LIMIT_MS } = {}) {
  const isFile = body instanceof Blob;
  const limit = AbortSignal.timeout(limit_ms);
  const response = await fetch(path, {
    method,
    headers: { Accept: "application/json", ...(method === "GET" ? {} : { "Content-Type": isFile ? "application/octet-stream" : "application/json", "X-XSRFToken": xsrf() }) },
    body: method === "GET" ? undefined : isFile ? body : JSON.stringify(body ?? {}),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { code: "offline", message: "Couldn't reach the server." });
  });
  if (response.status === 401) signIn();
  const answer = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(response.status, { message: refusalWords(response.status, response.headers.get("Retry-After")), ...answer?.error });
  if (answer === undefined) throw new ApiError(0, { code: "offline", message: "The answer was cut off." }); // half an answer is none
  return answer;
}

/** On its way there. */
let isLeaving = false;

/** To the sign-in page, and back here after it: once, however many requests and sockets are refused. */
export function signIn() {
  if (isLeaving) return;
  isLeaving = true;
  // Who stops it from loading, or comes back, is here again.
  setTimeout(() => (isLeaving = false), LEAVING_MS);
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

const xsrf = () => decodeURIComponent(/(?:^|;\s*)_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "");
