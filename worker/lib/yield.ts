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

/** Bytes of `worker/questions/query/plan/cost.ts` between two yields of questions: two or three milliseconds. */
export const TURN_BYTES = 256 * 1024;

/** Long work in steps: each step yields the amount of work that it did. */
export type Steps<T = void> = Generator<number, T>;

/** Runs all steps, and lets other waiting work run whenever a turn is over. */
export async function inTurns<T>(steps: Steps<T>, turn: Turn): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (turn.isOver(step.value)) await yieldControl();
  }
}

/** Runs all steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/**
 * Decides when to yield during long work. It counts work, not time: in production the clock of an isolate does not advance
 * while it computes.
 */
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
