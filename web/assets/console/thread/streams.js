/** @import {Frame} from "../types.js" */

/**
 * An answer while the bot writes it; `length` counts code points, as offsets do.
 *
 * @typedef {{stream_id: string, text: string, length: number}} Stream
 */

/**
 * A delta that does not continue what we have belongs to a part we missed: the answer is left out until it is posted.
 *
 * @param {Map<string, Stream>} streams @param {Frame} frame @returns {Map<string, Stream>}
 */
export function appendDelta(streams, { stream_id = "", offset = 0, text = "" }) {
  const before = offset === 0 ? { text: "", length: 0 } : streams.get(stream_id);
  if (!before || before.length !== offset) return streams;
  const length = offset + [...text].length;
  return new Map(streams).set(stream_id, { stream_id, text: before.text + text, length });
}
