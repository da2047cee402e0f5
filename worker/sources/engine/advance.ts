/**
 * One step of a run: reads what is due, commits, and returns how to continue. Its whole state is in D1 and in the memory it
 * returns, so it can be killed at any point and continued by any isolate.
 * @module
 */

import type { SourceErrorInfo, SyncProgress } from "../../../schema/wire/source";
import type { Stores } from "../../lib/stores";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { readCursors, sweepGenerations } from "../records";
import type { VendorClient } from "../vendor/client";
import { SourceError } from "../vendor/driver";
import { daysIn } from "./coverage";
import { type RunMemory, recordFailure, unitName } from "./memory";
import { nextTask, type Task } from "./plan";
import { progressOf } from "./progress";
import { readChanges } from "./read-changes";
import { halveSlices, readDays } from "./read-days";
import { readSnapshot } from "./read-snapshot";
import { ConcurrentCommit, type Reader } from "./reader";
import { type Run, type Unit, unitsOf } from "./units";

/** Dependencies of a step. */
export interface AdvanceDeps extends Stores {
  session: VendorClient;
  /** Extends the run's lease; false when another run has it. Called about every half minute. */
  renewLease?(): Promise<boolean>;
  /** Called after commits, at most once a second. */
  onProgress?(progress: SyncProgress): Promise<void>;
}

/** Budget of a step: it ends at the first commit that exceeds either value. */
export interface Budget {
  ms: number;
  /** New or changed records. */
  records: number;
}

/** How to continue. */
export type Outcome =
  | { kind: "again" }
  | { kind: "wait"; until: number }
  /** Another run has taken the source. */
  | { kind: "lost" }
  /** `partial`: some streams failed. */
  | { kind: "done"; status: "succeeded" | "partial" | "failed"; error: SourceErrorInfo | null };

export interface Advance {
  outcome: Outcome;
  progress: SyncProgress;
  /** Input of the next step. */
  memory: RunMemory;
}

const LEASE_EVERY_MS = MINUTE_MS / 2;
const PROGRESS_EVERY_MS = SECOND_MS;
/** Maximum number of rows of unused generations deleted at once. */
const SWEEP_ROWS = 1_000;
/** Maximum number of concurrent commits by other readers before the step ends. */
const MAX_CONCURRENT_COMMITS = 5;

class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** Runs one step. @throws when storage fails; the next step continues from the last commit. */
export async function advance(
  deps: AdvanceDeps,
  run: Run,
  before: RunMemory,
  budget: Budget,
): Promise<Advance> {
  const memory = structuredClone(before);
  const step = new Step(deps, run, memory, budget);
  const outcome = await step.run();
  return { outcome, memory, progress: step.progress() };
}

class Step {
  #units: Unit[] = [];
  #current: Unit | undefined;
  #records = 0;
  #leaseAt: number;
  #publishedAt = 0;
  readonly #startedAt: number;
  readonly #reader: Reader;

  constructor(
    readonly deps: AdvanceDeps,
    readonly given: Run,
    readonly memory: RunMemory,
    readonly budget: Budget,
  ) {
    const { session } = deps;
    this.#startedAt = session.clock.now();
    this.#leaseAt = this.#startedAt - LEASE_EVERY_MS;
    this.#reader = {
      stores: { db: deps.db, lake: deps.lake },
      session,
      run: given,
      memory,
      context: {
        ...session.context,
        call: async (call, account) => {
          await this.#keepLease();
          return session.context.call(call, account);
        },
      },
      now: () => this.#now(),
      isEnough: () => this.#isEnough(),
      onCommit: (records) => this.#onCommit(records),
    };
  }

  async run(): Promise<Outcome> {
    try {
      await this.#load();
      for (let concurrent = 0; ; ) {
        await this.#keepLease();
        const plan = nextTask(this.#units, this.given, this.memory, this.#now());
        if ("waitUntil" in plan) return { kind: "wait", until: plan.waitUntil };
        if ("done" in plan) return await this.#finish();
        try {
          await this.#read(plan.task);
        } catch (error) {
          if (!(error instanceof ConcurrentCommit) || ++concurrent > MAX_CONCURRENT_COMMITS) throw error;
          await this.#load();
        }
        if (this.#isEnough()) return { kind: "again" };
      }
    } catch (error) {
      if (error instanceof LeaseLost) return { kind: "lost" };
      throw error;
    }
  }

  progress(): SyncProgress {
    return progressOf(this.#units, this.given, this.memory, this.#now(), this.#current);
  }

  async #load(): Promise<void> {
    const { db, session } = this.deps;
    const known = await readCursors(db, this.given.project, this.given.source);
    this.#units = unitsOf(session.driver, this.given, known);
  }

  /** One read. Records errors of the vendor; rethrows errors of storage, which end the step. */
  async #read({ unit, slice }: Task): Promise<void> {
    this.#current = unit;
    try {
      if (slice) await readDays(this.#reader, unit, slice);
      else if (unit.stream.mode === "snapshot") await readSnapshot(this.#reader, unit);
      else await readChanges(this.#reader, unit);
    } catch (thrown) {
      const error = sourceErrorOf(thrown, unit);
      if (!error) throw thrown;
      const canHalve = slice !== undefined && daysIn(slice) > 1;
      recordFailure(this.memory, unit, error, { now: this.#now(), canHalve });
      if (slice && canHalve && (error.code === "too_much" || error.code === "unavailable"))
        await halveSlices(this.#reader, unit, slice);
    }
    this.#current = undefined;
  }

  /** Nothing is left to read: deletes rows of unused generations. */
  async #finish(): Promise<Outcome> {
    const { project, source } = this.given;
    while (await sweepGenerations(this.deps.db, project, source, SWEEP_ROWS))
      if (this.#isEnough()) return { kind: "again" };
    const failed = this.#units.flatMap((unit) => this.memory.failed[unitName(unit)] ?? []);
    const error = this.memory.stopped ?? failed[0] ?? null;
    if (!error) return { kind: "done", status: "succeeded", error };
    const isAll = this.memory.stopped !== null || failed.length === this.#units.length;
    return { kind: "done", status: isAll ? "failed" : "partial", error };
  }

  async #keepLease(): Promise<void> {
    const now = this.#now();
    if (now - this.#leaseAt < LEASE_EVERY_MS) return;
    this.#leaseAt = now;
    if (this.deps.renewLease && !(await this.deps.renewLease())) throw new LeaseLost();
  }

  async #onCommit(records: number): Promise<void> {
    this.#records += records;
    const now = this.#now();
    if (now - this.#publishedAt < PROGRESS_EVERY_MS) return;
    this.#publishedAt = now;
    await this.deps.onProgress?.(this.progress());
  }

  #isEnough(): boolean {
    return this.#now() - this.#startedAt >= this.budget.ms || this.#records >= this.budget.records;
  }

  #now(): number {
    return this.deps.session.clock.now();
  }
}

/** Converts an error of the vendor or the driver; null for any other error. */
function sourceErrorOf(error: unknown, { stream }: Unit): SourceError | null {
  if (error instanceof SourceError) return error;
  if (!(error instanceof Error)) return null;
  if (error.name === "ZodError") return new SourceError("schema", `${stream.name}: an unexpected shape`);
  const isBug = [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
  return isBug ? new SourceError("internal", `${stream.name}: the driver failed (${error.name})`) : null;
}
