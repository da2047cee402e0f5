/**
 * Long work in an isolate that others use too.
 * @module
 */

/**
 * Lets whatever else waits in this isolate go first. An isolate serves many requests on one thread: between two steps of
 * long work this keeps the wait of a request to one step. Costs about a millisecond of waiting (timers of workerd are
 * whole milliseconds) and next to no processor time.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Says when it is time to breathe, over all of a long piece of work. */
export class Turn {
  #done = 0;

  /** `most` is how much may be done in one turn, in the caller's own units. */
  constructor(readonly most: number) {}

  /** True when what was done since the last turn ended, with `work` more, is enough. */
  isOver(work: number): boolean {
    this.#done += work;
    if (this.#done < this.most) return false;
    this.#done = 0;
    return true;
  }
}
