/**
 * Rest.li 2.0 query values: `List(a,b)` and `(key:value,other:(…))`, where structural characters must arrive unencoded.
 * After the vendor's page "Protocol Versions": "special characters in a params string not part of a resource key should
 * not be encoded", while URNs inside are percent-encoded (`urn%3Ali%3A…`).
 * @module
 */

/** A parsed value: text, a list or a record. */
export type Restli = string | Restli[] | { [key: string]: Restli };

/** The value is malformed: the sender's encoding broke the structure. */
export class RestliSyntaxError extends Error {}

class Cursor {
  at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  skip(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  expect(mark: string): void {
    if (!this.skip(mark)) throw new RestliSyntaxError(`expected ${mark} at ${this.at} of ${this.text}`);
  }

  word(): string {
    const [word = ""] = /^[^(),:]*/.exec(this.text.slice(this.at)) ?? [];
    this.at += word.length;
    return decodeURIComponent(word);
  }
}

function items(cursor: Cursor): Restli[] {
  const list: Restli[] = [];
  if (cursor.skip(")")) return list;
  do list.push(valueAt(cursor));
  while (cursor.skip(","));
  cursor.expect(")");
  return list;
}

function entries(cursor: Cursor): Restli {
  const record: { [key: string]: Restli } = {};
  do {
    const key = cursor.word();
    cursor.expect(":");
    record[key] = valueAt(cursor);
  } while (cursor.skip(","));
  cursor.expect(")");
  return record;
}

function valueAt(cursor: Cursor): Restli {
  if (cursor.skip("List(")) return items(cursor);
  if (cursor.skip("(")) return entries(cursor);
  return cursor.word();
}

/** Parses one raw (still percent-encoded) query value. Throws {@link RestliSyntaxError}. */
export function parseRestli(raw: string): Restli {
  const cursor = new Cursor(raw);
  const parsed = valueAt(cursor);
  if (cursor.at < raw.length) throw new RestliSyntaxError(`unexpected ${raw.slice(cursor.at)}`);
  return parsed;
}

/** The parameters of a query string, values not decoded. */
export function rawParameters(search: string): Map<string, string> {
  const pairs = search.replace(/^\?/, "").split("&").filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      return [decodeURIComponent(name), rest.join("=")];
    }),
  );
}

/** A record's value of a key; undefined where the value is not a record. */
export function at(value: Restli | undefined, key: string): Restli | undefined {
  return typeof value === "object" && !Array.isArray(value) ? value[key] : undefined;
}

/** The texts of a list; empty for anything else. */
export const texts = (value: Restli | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
