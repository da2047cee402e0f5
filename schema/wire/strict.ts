/**
 * Objects that refuse unknown keys: a misspelled `filters` must not return unfiltered numbers. Records with a bound.
 * @module
 */
import { z } from "zod";
import { nearest } from "./nearest";

/** Characters of a key in a message. */
const MAX_SHOWN = 64;

/** An object schema that refuses unknown keys and names the most similar known one. */
export function strict<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, { error: unknownKeys });
}

/** A record with at most `most` entries. */
export function boundedRecord<K extends z.core.$ZodRecordKey, V extends z.ZodType>(
  key: K,
  value: V,
  most: number,
) {
  return z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= most, {
      params: { code: "too_big" },
      message: `At most ${most} entries`,
    })
    .meta({ maxProperties: most });
}

/** The message for unknown keys; undefined for every other issue, which has the message of zod. */
function unknownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys" || !(issue.inst instanceof z.ZodObject)) return undefined;
  const known = Object.keys(issue.inst.shape);
  return issue.keys.map((key) => unknownKey(key, known)).join(". ");
}

function unknownKey(key: string, known: readonly string[]): string {
  const shown = key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}…` : key;
  const meant = nearest(key, known);
  return `Unknown key \`${shown}\`${meant === undefined ? "" : `. Did you mean \`${meant}\`?`}`;
}
