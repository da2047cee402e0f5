/**
 * Yielding during long work, in an isolate that serves other requests too.
 * @module
 */

/**
 * Lets other waiting work of this isolate run. An isolate serves many requests on one thread: between two steps of
 * long work this limits the delay of a request to one step. Costs about a millisecond of waiting (timers of workerd
 * have a resolution of a millisecond) and almost no processor time.
 */
export function yieldControl(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Decides when to yield during long work. */
export class Turn {
  #done = 0;

  /** `most` is the amount of work between yields, in the caller's own units. */
  constructor(readonly most: number) {}

  /** Whether the work since the last yield, plus `work`, reaches the limit. */
  isOver(work: number): boolean {
    this.#done += work;
    if (this.#done < this.most) return false;
    this.#done = 0;
    return true;
  }
}
