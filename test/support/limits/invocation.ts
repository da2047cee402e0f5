/**
 * The calls of an invocation: D1 refuses more than a thousand queries of one, which local D1 does not. In tests the alarms
 * of the folder are invocations, and whatever runs in `inInvocation`.
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { D1_LIMITS } from "../../../worker/lib/platform-limits";

/** What an invocation has called so far. */
export interface Calls {
  /** Queries of D1, those of a batch one by one. */
  queries: number;
  /** Calls of D1, a batch is one. */
  trips: number;
  rowsWritten: number;
  /** Calls of R2. */
  objects: number;
}

const none = (): Calls => ({ queries: 0, trips: 0, rowsWritten: 0, objects: 0 });
const running = new AsyncLocalStorage<Calls>();
const ended: Calls[] = [];

/** Runs as one invocation: its D1 queries beyond the limit fail. */
export function inInvocation<T>(run: () => Promise<T>): Promise<T> {
  const calls = none();
  ended.push(calls);
  return running.run(calls, run);
}

/** The invocations since the last call of this function, in order of their start. */
export const takeInvocations = (): Calls[] => ended.splice(0);

/** The calls of the running invocation so far. */
export const callsSoFar = (): Calls => ({ ...none(), ...running.getStore() });

/** Runs without counting, for checks of a test inside an invocation. */
export const uncounted = <T>(run: () => Promise<T>): Promise<T> => running.exit(run);

/** Makes every call of a method an invocation. */
export function makeInvocations<K extends string>(
  type: { prototype: Record<K, () => Promise<void>> },
  method: K,
) {
  const run = type.prototype[method];
  type.prototype[method] = function (this: unknown) {
    return inInvocation(() => run.call(this));
  };
}

/** Counts queries that are about to run together. @throws beyond the limit, as D1 does */
export function countQueries(queries: number): void {
  const calls = running.getStore();
  if (!calls) return;
  calls.queries += queries;
  calls.trips++;
  if (calls.queries > D1_LIMITS.queriesPerInvocation)
    throw new Error("D1_ERROR: Too many API requests by single Worker invocation.");
}

/** Counts what a query has written. */
export function countWritten({ meta }: D1Result): void {
  const calls = running.getStore();
  if (calls) calls.rowsWritten += meta.rows_written;
}

/** Counts the calls of R2. */
export function countObjects(bucket: R2Bucket): void {
  const prototype = Object.getPrototypeOf(bucket) as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["get", "put", "head", "list", "delete"]) {
    const call = prototype[name]!;
    prototype[name] = function (this: unknown, ...args) {
      const calls = running.getStore();
      if (calls) calls.objects++;
      return call.apply(this, args);
    };
  }
}
