/**
 * Rows of a file, and statistics of reading it.
 * @module
 */
import type { SentEvent } from "../send.ts";

/** An event and its line number, from 1. */
export interface ImportRow {
  line: number;
  event: SentEvent;
}

/** Lines shown of each kind of fault. */
const SHOWN = 5;

/** Numbers of read and skipped lines. */
export class Reading {
  lines = 0;
  readonly left = new Map<string, number>();
  /** The first lines that could not be parsed. */
  readonly faults: string[] = [];

  /** Counts a line as skipped. */
  leave(reason: string, text: string): void {
    this.left.set(reason, (this.left.get(reason) ?? 0) + 1);
    if (reason === "malformed" && this.faults.length < SHOWN) {
      this.faults.push(`line ${this.lines}: ${text.slice(0, 120)}`);
    }
  }
}
