/**
 * Ids computed from lines, so that a line has the same id in whatever file it is: grown, rotated, compressed, cut or
 * concatenated.
 * @module
 */
import { createHash } from "node:crypto";

/** A line of a log that lies further back than this, in ms, starts a file that was appended to another one. */
const BACKWARDS_MS = 12 * 3_600_000;
const FIRST_SLOTS = 1024;

/** Distinguishes equal lines: the second of two is another event than the first. */
export class Identity {
  #counts = new Counts();
  /** Latest time since the last step backwards, epoch ms. */
  #latest = Number.NEGATIVE_INFINITY;

  /**
   * The id of a line: a hash of its text and of the number of equal lines before it in the file. So equal lines count as
   * often as in the file that has most of them, and a file cut between equal lines loses the smaller part. In a log, whose
   * lines have a time (epoch ms), the number starts again where the time goes back by half a day: files that overlap
   * by more and were concatenated make the same ids.
   */
  of(line: string, time?: number): string {
    if (time !== undefined) {
      if (time < this.#latest - BACKWARDS_MS) this.#restart();
      this.#latest = Math.max(this.#latest, time);
    }
    return digest(`${line}\n${this.#counts.next(line)}`);
  }

  #restart(): void {
    this.#counts = new Counts();
    this.#latest = Number.NEGATIVE_INFINITY;
  }
}

/** How often each text has come, by 52 bits of its hash: 24 to 48 bytes a text. */
class Counts {
  #hashes = new Float64Array(FIRST_SLOTS);
  #counts = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  /** The number of this text, from 1. */
  next(text: string): number {
    if (2 * this.#size >= this.#hashes.length) this.#grow();
    const at = this.#slotOf(hashOf(text));
    if (this.#counts[at] === 0) this.#size++;
    const count = (this.#counts[at] ?? 0) + 1;
    this.#counts[at] = count;
    return count;
  }

  /** The slot of a hash, which is then in use. */
  #slotOf(hash: number): number {
    const hashes = this.#hashes;
    let at = hash % hashes.length;
    while (hashes[at] !== 0 && hashes[at] !== hash) at = (at + 1) % hashes.length;
    hashes[at] = hash;
    return at;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const counts = this.#counts;
    this.#hashes = new Float64Array(hashes.length * 2);
    this.#counts = new Uint32Array(hashes.length * 2);
    for (const [i, hash] of hashes.entries())
      if (hash !== 0) this.#counts[this.#slotOf(hash)] = counts[i] ?? 0;
  }
}

/** 52 bits of a hash; zero marks an empty slot. */
function hashOf(text: string): number {
  const bytes = createHash("sha256").update(text).digest();
  return bytes.readUIntBE(0, 6) * 16 + ((bytes[6] ?? 0) >> 4) || 1;
}

/** 128 bits as base64url. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
