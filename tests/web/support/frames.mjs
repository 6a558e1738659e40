import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../frames/", import.meta.url);

/** The golden examples of one file, by their names. */
export function examples(file) {
  const list = JSON.parse(readFileSync(new URL(`${file}.json`, folder), "utf8"));
  return Object.fromEntries(list.map(({ name, frame }) => [name, frame]));
}

/** Every example of a direction, as `[file, name, frame]`. */
export function all(direction) {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${direction}.`))
    .flatMap((file) => Object.entries(examples(file.replace(/\.json$/, ""))).map(([name, frame]) => [file, name, frame]));
}
