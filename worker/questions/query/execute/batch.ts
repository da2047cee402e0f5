/**
 * Reads all that a page of questions asks for: one batch for rollups, one for what is left to the lake.
 * @module
 */

import type { Meta, QueryResult } from "../../../../schema/wire/query";
import type { Stores } from "../../../lib/stores";
import { precisionOf, type RollupRow, type RollupSpan } from "../../../pipeline/rollup";
import { type Answers, resultOf } from "../format/result";
import type { QueryContext, Question } from "../parse/query";
import type { Refusal } from "../parse/refusal";
import { type Budget, refuseCost } from "../plan/budget";
import { plan } from "../plan/plan";
import { type AsksOf, asksOf, type Subquery } from "../plan/subquery";
import { AggregateTable } from "../table/aggregate-table";
import { MemoryBudget } from "../table/distinct";
import { withKnown, withoutKnown } from "./cache/day-sets";
import { memoKey, recall, remember } from "./cache/lake-tables";
import { readEnded } from "./cache/open-sessions";
import { holds, type Reading, readingOf, runReading } from "./cache/sealed-sums";
import {
  addTask,
  cheapenTotals,
  distinctSpans,
  type Execution,
  keyOf,
  makeJob,
  partsOf,
  wantedBy,
} from "./execution";
import { type LakeTask, runLake } from "./lake/scan";
import type { RollupRun } from "./rollup/aggregate";
import { readSealed, sealedRange, unionRows } from "./rollup/sealed";
import type { ProjectState, Snapshot, SnapshotRequest } from "./snapshot-store";

export type Answer = { result: QueryResult } | { refusal: Refusal };

/** Budgets that all questions of a page may use together; what they share counts once. */
const PAGE_BUDGETS = 4;

/** All that a page of queries asks for. */
export class QueryBatch {
  readonly #jobs = new Map<string, Execution>();
  readonly #asks = new Map<Question, AsksOf>();
  readonly #refused = new Map<Question, Refusal>();
  readonly #room = new MemoryBudget();
  #standing: ProjectState;
  #marts: Snapshot["marts"] = new Map();

  private constructor(
    readonly stores: Stores,
    readonly asker: QueryContext,
    standing: ProjectState,
    readonly budget: Budget,
  ) {
    this.#standing = standing;
  }

  static async read(
    stores: Stores,
    asker: QueryContext,
    standing: ProjectState,
    questions: readonly Question[],
    budget: Budget,
  ): Promise<QueryBatch> {
    const page = new QueryBatch(stores, asker, standing, budget);
    for (const question of questions) page.#plan(question);
    await page.#runRollups();
    await page.#runLake(questions);
    return page;
  }

  #plan(question: Question): void {
    const setting = { zone: this.#standing.timezone, now: this.asker.now };
    const asks = asksOf(question);
    if (plan(asks.rows, setting).store === "rollup") cheapenTotals(asks, setting);
    this.#asks.set(question, asks);
    for (const ask of Object.values(asks)) {
      if (!ask || this.#jobs.has(keyOf(ask))) continue;
      this.#jobs.set(keyOf(ask), makeJob(ask, setting));
    }
  }

  /** Answers from rollups. Reads again without what is kept of settled days when that no longer holds. */
  async #runRollups(recalling = true): Promise<void> {
    const { project, now } = this.asker;
    const { timezone, sealed_until } = this.#standing;
    const setting = { project, timezone, sealedUntil: sealed_until, now, recalling };
    const readings = [...this.#jobs.values()].flatMap((job) =>
      job.plan.store === "rollup" ? [readingOf(job, job.plan, setting)] : [],
    );
    const wanted = distinctSpans(readings.flatMap((reading) => reading.spans));
    if (!wanted.length) return;
    const range = sealedRange(wanted, now);
    const planned = { project, ...this.#standing };
    const read = recalling && !range ? wanted.map((span) => withoutKnown(planned, span)) : wanted;
    const snapshot = await this.#snapshot({ spans: read, events: null, sessions: null, rollups: range });
    const found = unionRows(snapshot.rollupRows, await this.#sealedRows(wanted, range, snapshot));
    const rows = range ? found : withKnown({ project, ...this.#standing }, { wanted, read }, found);
    if (!rows) return this.#runRollups(false);
    const byDimension = Map.groupBy(rows, (row) => row.dimension);
    const rowsOf = ({ plan }: Reading) => byDimension.get(plan.dimension) ?? [];
    const { epoch } = this.#standing;
    if (!readings.every((reading) => holds(reading, rowsOf(reading), epoch))) return this.#runRollups(false);
    for (const reading of readings) {
      const run = runReading(reading, rowsOf(reading), { zone: this.#standing.timezone, epoch }, this.#room);
      this.#take(reading, run);
    }
    const bytes = Map.groupBy(found, (row) => row.dimension);
    for (const { job, plan } of readings)
      job.bytesRead = (bytes.get(plan.dimension) ?? []).reduce((sum, row) => sum + row.body.length, 0);
  }

  async #sealedRows(
    spans: RollupSpan[],
    range: { from: number; to: number } | null,
    { rollups, derived }: Snapshot,
  ): Promise<RollupRow[]> {
    if (!range) return [];
    const request = { project: this.asker.project, spans, range, derived, zone: this.#standing.timezone };
    return readSealed(this.stores.lake, rollups, request, { rows: 0, bytes: 0 });
  }

  /** Takes what rollups answered, and leaves the rest to the lake. */
  #take({ job, plan: { ask, edges, dimension } }: Reading, { table, gaps, rowsRead }: RollupRun): void {
    job.table = table;
    job.rowsRead = rowsRead;
    if (!table)
      addTask(job, {
        store: "lake",
        ask,
        edges,
        why: "the tail of a bucket may hold what is filtered for",
      });
    for (const gap of gaps) {
      const why = "a sealed bucket has only the number of its visitors";
      const part: Subquery = { ...ask, ...gap };
      addTask(job, { store: "lake", ask: part, edges, why }, precisionOf(dimension));
    }
  }

  /** Runs what is left for the lake, as far as the question that needs it keeps within the budget. */
  async #runLake(questions: readonly Question[]): Promise<void> {
    const all = [...this.#jobs.values()].flatMap((job) => job.tasks);
    if (!all.length) return;
    const snapshot = await this.#snapshot(wantedBy(all));
    this.#marts = snapshot.marts;
    const accepted = questions.filter((question) => {
      const jobs = this.#jobsOf(question);
      const refusal =
        jobs.find((job) => job.refusal)?.refusal ?? this.#tooDear(jobs, snapshot, question, this.budget);
      if (refusal) this.#refused.set(question, refusal);
      return !refusal;
    });
    const jobs = new Set(accepted.flatMap((question) => this.#jobsOf(question)));
    const most = { rows: this.budget.rows * PAGE_BUDGETS, cells: this.budget.cells * PAGE_BUDGETS };
    for (const question of accepted) {
      const refusal = this.#tooDear([...jobs], snapshot, question, most);
      if (!refusal || !this.#jobsOf(question).some((job) => job.tasks.length)) continue;
      this.#refused.set(question, refusal);
      for (const job of this.#jobsOf(question)) jobs.delete(job);
    }
    await this.#runTasks(
      [...jobs].flatMap((job) => job.tasks.map((task) => ({ job, task }))),
      snapshot,
    );
  }

  /** Why the jobs may not be read together. */
  #tooDear(
    jobs: readonly Execution[],
    snapshot: Snapshot,
    question: Question,
    budget: Budget,
  ): Refusal | null {
    const parts = partsOf(
      jobs.flatMap((job) => job.tasks),
      snapshot,
    );
    return refuseCost(parts, this.#asks.get(question)!.rows, budget);
  }

  async #runTasks(wanted: readonly { job: Execution; task: LakeTask }[], snapshot: Snapshot): Promise<void> {
    const { project } = this.asker;
    const known = wanted.map(({ job, task }) => {
      const key = memoKey(project, task, snapshot);
      return { job, task, key, table: key === null ? undefined : recall(key) };
    });
    const missing = known.filter(({ table }) => !table);
    const tasks = missing.map(({ task }) => task);
    const { tables, cost } = await runLake({ ...this.stores, project }, snapshot, tasks, this.#room);
    for (const [i, found] of missing.entries()) {
      found.table = tables[i]!;
      if (found.key !== null) remember(found.key, found.table);
    }
    for (const job of new Set(missing.map((found) => found.job))) {
      job.rowsRead += cost.rows;
      job.bytesRead += cost.bytes;
    }
    const fresh = new Set(tables);
    for (const { job, table } of known) {
      job.fromLake = true;
      // One that was made for all of the job, and that nobody else has, need not be copied.
      const isWhole = job.table === null && table!.ask.measures.length === job.ask.measures.length;
      if (isWhole && fresh.has(table!)) job.table = table!;
      else {
        job.table ??= new AggregateTable(job.ask, table!.precision, this.#room);
        job.table.merge(table!);
      }
    }
  }

  /** The earliest moment until which all that the jobs rest on is complete. */
  #completeUntil(jobs: readonly Execution[]): number | null {
    const until = jobs.map(({ ask: { level } }) =>
      level ? (this.#marts.get(level)?.complete_until ?? null) : this.#standing.complete_until,
    );
    return until.reduce((first, one) => (first === null || one === null ? null : Math.min(first, one)));
  }

  async #snapshot(wanted: SnapshotRequest): Promise<Snapshot> {
    const snapshot = await readEnded(this.stores.db, this.asker, this.#standing, wanted);
    this.#standing = snapshot.standing;
    return snapshot;
  }

  #jobsOf(question: Question): Execution[] {
    return Object.values(this.#asks.get(question) ?? {}).flatMap((ask: Subquery | null) =>
      ask ? (this.#jobs.get(keyOf(ask)) ?? []) : [],
    );
  }

  /** The answer to a question that this page was read for. */
  answerTo(question: Question, elapsedMs: number): Answer {
    const found = this.tablesFor([question], elapsedMs);
    if ("refusal" in found) return found;
    return { result: { ...resultOf(question, found.answers[0]!), meta: found.meta } };
  }

  /** The tables of questions that this page was read for, and what they rest on together. */
  tablesFor(
    questions: readonly Question[],
    elapsedMs: number,
  ): { answers: Answers[]; meta: Meta } | { refusal: Refusal } {
    const jobs = questions.flatMap((question) => this.#jobsOf(question));
    const refused = questions.find((question) => this.#refused.has(question));
    const refusal = (refused && this.#refused.get(refused)) ?? jobs.find((job) => job.refusal)?.refusal;
    if (refusal) return { refusal };
    const answers = questions.map((question) => this.#answersTo(question));
    return { answers, meta: this.#meta(jobs, elapsedMs) };
  }

  #answersTo(question: Question): Answers {
    const asks = this.#asks.get(question);
    if (!asks) throw new Error("query: the page was read for other questions");
    const tableOf = (ask: Subquery) => {
      const table = this.#jobs.get(keyOf(ask))?.table;
      if (!table) throw new Error(`query: ${ask.dataset} was not answered`);
      return table;
    };
    return {
      rows: tableOf(asks.rows),
      totals: tableOf(asks.totals),
      comparedRows: asks.comparedRows && tableOf(asks.comparedRows),
      comparedTotals: asks.comparedTotals && tableOf(asks.comparedTotals),
    };
  }

  #meta(jobs: readonly Execution[], elapsedMs: number): Meta {
    return {
      source: jobs.some((job) => job.fromLake) ? "lake" : "rollup",
      complete_until: this.#completeUntil(jobs),
      rows_scanned: Math.max(...jobs.map((job) => job.rowsRead)),
      bytes_scanned: Math.max(...jobs.map((job) => job.bytesRead)),
      approximate: jobs.some((job) => job.table?.approximate),
      elapsed_ms: Math.round(elapsedMs * 10) / 10,
    };
  }
}
