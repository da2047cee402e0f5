/**
 * What every reader of a file yields, and what it notes on the way.
 * @module
 */
import type { SentEvent } from "../send.ts";

/** An event and the line it stood on, counted from 1. */
export interface Row {
  line: number;
  event: SentEvent;
}

/** Lines shown of each reason that is a fault. */
const SHOWN = 5;

/** What has been read, and what was left out. */
export class Reading {
  lines = 0;
  readonly left = new Map<string, number>();
  /** The first lines that could not be understood. */
  readonly faults: string[] = [];

  /** Count a line as left out. */
  leave(reason: string, text: string): void {
    this.left.set(reason, (this.left.get(reason) ?? 0) + 1);
    if (reason === "malformed" && this.faults.length < SHOWN) {
      this.faults.push(`line ${this.lines}: ${text.slice(0, 120)}`);
    }
  }
}
