/**
 * Ids computed from lines, so that the same file makes the same ids.
 * @module
 */
import { createHash } from "node:crypto";

/** Lines in memory, twice: enough for a log whose order is off by minutes. */
const REMEMBERED = 100_000;

/** Distinguishes equal lines: the second of two is another event than the first. */
export class Identity {
  #recent = new Map<string, number>();
  #older = new Map<string, number>();

  /** The id of a line: a hash of its text and of the number of equal lines before it. */
  of(line: string): string {
    const seen = (this.#recent.get(line) ?? this.#older.get(line) ?? 0) + 1;
    this.#recent.set(line, seen);
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    return digest(`${line}\n${seen}`);
  }
}

/** 128 bits as base64url. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
