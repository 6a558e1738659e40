/**
 * What to say of an answer that brings no words of its own, as those of a proxy before us do.
 *
 * @param {number} status @param {string | null} [retryAfter] the header, in seconds
 */
export function refusalWords(status, retryAfter) {
  switch (status) {
    case 403:
      return "You may not do this, or not any more. Reload the page.";
    case 413:
      return "That is too large to send. Make it smaller, then try again.";
    case 429:
      return `That was too much at once. Wait ${waitWords(Number(retryAfter))}, then try again.`;
    case 502:
    case 503:
    case 504:
      return "Baton does not answer just now. Try again in a moment.";
    default:
      return status >= 500 ? "Something went wrong on our side. Try again in a moment." : "The server refused this. Reload the page, then try again.";
  }
}

/** @param {number} seconds */
function waitWords(seconds) {
  if (!(seconds > 0)) return "a minute";
  const minutes = Math.ceil(seconds / 60);
  if (seconds > 90) return `${minutes} minutes`;
  return seconds > 1 ? `${Math.ceil(seconds)} seconds` : "a second";
}
