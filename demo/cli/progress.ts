/**
 * A progress line of a command.
 * @module
 */

const EVERY_MS = 200;

/** 1234567 as 1,234,567. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** A line that is rewritten in a terminal; elsewhere one line for every tenth. */
export class Progress {
  readonly #label: string;
  readonly #started = Date.now();
  #shown = 0;
  #tenth = 0;

  readonly #unit: string;

  constructor(label: string, unit = "events") {
    this.#label = label;
    this.#unit = unit;
  }

  /** `share` in 0–1 if the total is known. */
  update(done: number, share?: number): void {
    const now = Date.now();
    const perSecond = Math.round((done * 1000) / Math.max(1, now - this.#started));
    const percent = share === undefined ? "" : `${String(Math.floor(share * 100)).padStart(3)} %  `;
    const line = `${this.#label}  ${percent}${count(done)} ${this.#unit}  ${count(perSecond)}/s`;
    if (process.stderr.isTTY) {
      if (now - this.#shown < EVERY_MS) return;
      this.#shown = now;
      process.stderr.write(`\r${line.padEnd(72)}`);
    } else if (share !== undefined && Math.floor(share * 10) > this.#tenth) {
      this.#tenth = Math.floor(share * 10);
      process.stderr.write(`${line}\n`);
    }
  }

  /** Ends the line. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write(`\r${" ".repeat(72)}\r`);
  }
}
