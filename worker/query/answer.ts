/**
 * Answers many queries at once: what they have in common is planned, read and added up once.
 * @module
 */
import type { Meta, Query, Result } from "../../schema/wire/query";
import { SegmentGoneError } from "../lake";
import { precisionOf, type RollupSpan } from "../rollup";
import { Room } from "./distinct";
import { memoKey, recall, remember } from "./memo";
import { BUDGET, type Budget, type Part, refuseCost } from "./plan/budget";
import { type LakePlan, type Plan, plan, type Setting } from "./plan/plan";
import { clustersOf, type Read, readsOf, splitFilter } from "./plan/reads";
import { type Ask, type Asker, type AsksOf, asksOf, parse, type Question } from "./question";
import { isRefusal, type Refusal } from "./refusal";
import { resultOf } from "./result";
import { type LakeTask, runLake } from "./run/lake/scan";
import type { Cost } from "./run/lake/sources";
import { runRollup } from "./run/rollup";
import { readSealed, sealedRange, unionRows } from "./run/sealed";
import { readSnapshot, type Snapshot, type Standing, standingOf } from "./store";
import { Table } from "./table";

/** Where the rows are. */
export interface Stores {
  db: D1Database;
  lake: R2Bucket;
}

export type Answer = { result: Result } | { refusal: Refusal };

export interface AnswerOptions {
  /** What one query may read of the lake. */
  budget?: Budget;
  /** How the project stands, when the caller has already read it. */
  standing?: Standing;
}

/** Answers queries about one project. A query that is refused does not keep the others from being answered. */
export async function answer<Name extends string>(
  stores: Stores,
  asker: Asker,
  queries: Readonly<Record<Name, Query>>,
  options: AnswerOptions = {},
): Promise<Record<Name, Answer>> {
  const started = performance.now();
  const standing = options.standing ?? (await standingOf(stores.db, asker.project, asker.timezone));
  const questions = Object.entries<Query>(queries).map(([name, query]) => ({
    name,
    asked: parse(query, asker),
  }));
  const good = questions.flatMap(({ asked }) => (isRefusal(asked) ? [] : [asked]));
  const page = await tried(() => Page.read(stores, asker, standing, good, options.budget ?? BUDGET));
  const elapsed = performance.now() - started;
  const answers = questions.map(({ name, asked }): [string, Answer] => {
    if (isRefusal(asked)) return [name, { refusal: asked }];
    return [name, page.answerTo(asked, elapsed)];
  });
  return Object.fromEntries(answers) as Record<Name, Answer>;
}

/** A segment may be merged away between reading the manifest and reading the object: then the manifest is read again. */
async function tried<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SegmentGoneError) return run();
    throw error;
  }
}

/** Budgets that all questions of a page may use together; what they share counts once. */
const PAGE_BUDGETS = 4;

/** One ask with what is known about it so far. */
interface Job {
  ask: Ask;
  plan: Plan;
  table: Table | null;
  fromLake: boolean;
  rowsRead: number;
  bytesRead: number;
  tasks: LakeTask[];
  /** Why the lake cannot answer it. */
  refusal: Refusal | null;
}

const keyOf = (ask: Ask) => JSON.stringify(ask);

/** All that a page of queries asks for. */
class Page {
  readonly #jobs = new Map<string, Job>();
  readonly #asks = new Map<Question, AsksOf>();
  readonly #refused = new Map<Question, Refusal>();
  readonly #room = new Room();
  #standing: Standing;

  private constructor(
    readonly stores: Stores,
    readonly asker: Asker,
    standing: Standing,
    readonly budget: Budget,
  ) {
    this.#standing = standing;
  }

  static async read(
    stores: Stores,
    asker: Asker,
    standing: Standing,
    questions: readonly Question[],
    budget: Budget,
  ): Promise<Page> {
    const page = new Page(stores, asker, standing, budget);
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
      const planned = plan(ask, setting);
      const fresh = { table: null, fromLake: false, rowsRead: 0, bytesRead: 0, tasks: [], refusal: null };
      const job: Job = { ask, plan: planned, ...fresh };
      if (planned.store === "lake") addTask(job, planned);
      this.#jobs.set(keyOf(ask), job);
    }
  }

  async #runRollups(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    const spans = distinctSpans(jobs.flatMap((job) => (job.plan.store === "rollup" ? job.plan.spans : [])));
    if (!spans.length) return;
    const range = sealedRange(spans, this.asker.now);
    const snapshot = await this.#snapshot({ spans, events: null, sessions: null, rollups: range });
    const cost: Cost = { rows: 0, bytes: 0 };
    const zone = this.#standing.timezone;
    const { project } = this.asker;
    const sealed = range
      ? await readSealed(
          this.stores.lake,
          snapshot.rollups,
          { project, spans, range, derived: snapshot.derived, zone },
          cost,
        )
      : [];
    const byDimension = Map.groupBy(unionRows(snapshot.rollupRows, sealed), (row) => row.dimension);
    for (const job of jobs) {
      if (job.plan.store !== "rollup") continue;
      const rows = byDimension.get(job.plan.dimension) ?? [];
      const { table, gaps, rowsRead } = runRollup(job.plan, rows, zone, this.#room);
      job.table = table;
      job.rowsRead = rowsRead;
      job.bytesRead = rows.reduce((sum, row) => sum + row.body.length, 0);
      const { ask, edges, dimension } = job.plan;
      if (!table)
        addTask(job, {
          store: "lake",
          ask,
          edges,
          why: "the tail of a bucket may hold what is filtered for",
        });
      for (const gap of gaps) {
        const why = "a sealed bucket has only the number of its visitors";
        const part: Ask = { ...ask, ...gap };
        addTask(job, { store: "lake", ask: part, edges, why }, precisionOf(dimension));
      }
    }
  }

  /** Runs what is left for the lake, as far as the question that needs it keeps within the budget. */
  async #runLake(questions: readonly Question[]): Promise<void> {
    const all = [...this.#jobs.values()].flatMap((job) => job.tasks);
    if (!all.length) return;
    const events = extentOf(all.flatMap(({ reads }) => reads.events ?? []));
    const sessions = extentOf(all.flatMap(({ reads }) => reads.sessions ?? []));
    const snapshot = await this.#snapshot({ spans: [], events, sessions, rollups: null });
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
  #tooDear(jobs: readonly Job[], snapshot: Snapshot, { filter }: Question, budget: Budget): Refusal | null {
    const parts = partsOf(
      jobs.flatMap((job) => job.tasks),
      snapshot,
    );
    return refuseCost(parts, filter !== null, budget);
  }

  async #runTasks(wanted: readonly { job: Job; task: LakeTask }[], snapshot: Snapshot): Promise<void> {
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
    for (const { job, table } of known) {
      job.fromLake = true;
      job.table ??= new Table(job.ask, table!.precision, this.#room);
      job.table.merge(table!);
    }
  }

  async #snapshot(wanted: Parameters<typeof readSnapshot>[3]): Promise<Snapshot> {
    const snapshot = await readSnapshot(this.stores.db, this.asker.project, this.#standing, wanted);
    this.#standing = snapshot.standing;
    return snapshot;
  }

  #jobsOf(question: Question): Job[] {
    return Object.values(this.#asks.get(question) ?? {}).flatMap((ask: Ask | null) =>
      ask ? (this.#jobs.get(keyOf(ask)) ?? []) : [],
    );
  }

  /** The answer to a question that this page was read for. */
  answerTo(question: Question, elapsedMs: number): Answer {
    const jobs = this.#jobsOf(question);
    const refusal = this.#refused.get(question) ?? jobs.find((job) => job.refusal)?.refusal;
    if (refusal) return { refusal };
    const asks = this.#asks.get(question);
    if (!asks) throw new Error("query: the page was read for other questions");
    const tableOf = (ask: Ask) => {
      const table = this.#jobs.get(keyOf(ask))?.table;
      if (!table) throw new Error(`query: ${ask.dataset} was not answered`);
      return table;
    };
    const shape = resultOf(question, {
      rows: tableOf(asks.rows),
      totals: tableOf(asks.totals),
      comparedRows: asks.comparedRows && tableOf(asks.comparedRows),
      comparedTotals: asks.comparedTotals && tableOf(asks.comparedTotals),
    });
    return { result: { ...shape, meta: this.#meta(jobs, elapsedMs) } };
  }

  #meta(jobs: readonly Job[], elapsedMs: number): Meta {
    return {
      source: jobs.some((job) => job.fromLake) ? "lake" : "rollup",
      complete_until: this.#standing.complete_until,
      rows_scanned: Math.max(...jobs.map((job) => job.rowsRead)),
      bytes_scanned: Math.max(...jobs.map((job) => job.bytesRead)),
      approximate: jobs.some((job) => job.table?.approximate),
      elapsed_ms: Math.round(elapsedMs * 10) / 10,
    };
  }
}

/** Totals come with rows that rollups answer as far as rollups answer them too; the others are null. */
function cheapenTotals(asks: AsksOf, setting: Setting): void {
  const isCheap = (measure: string) =>
    plan({ ...asks.totals, measures: [measure] }, setting).store === "rollup";
  const measures = asks.totals.measures.filter(isCheap);
  asks.totals = { ...asks.totals, measures };
  asks.comparedTotals = asks.comparedTotals && { ...asks.comparedTotals, measures };
}

function addTask(job: Job, lakePlan: LakePlan, precision?: LakeTask["precision"]): void {
  const filter = splitFilter(lakePlan.ask);
  if (isRefusal(filter)) job.refusal = filter;
  else job.tasks.push({ plan: lakePlan, filter, reads: readsOf(lakePlan.ask, filter), precision });
}

/** What tasks read of a snapshot, pass by pass. */
function partsOf(tasks: readonly LakeTask[], snapshot: Snapshot): Part[] {
  return (["events", "sessions"] as const).flatMap((dataset) =>
    clustersOf(tasks, ({ reads }) => reads[dataset]).map(({ read }) => ({
      read,
      segments: snapshot[dataset],
    })),
  );
}

/** From the first to the last of several stretches. */
function extentOf(reads: readonly Read[]): { from: number; to: number } | null {
  if (!reads.length) return null;
  return { from: Math.min(...reads.map(({ from }) => from)), to: Math.max(...reads.map(({ to }) => to)) };
}

/** Spans without those that lie in another one. */
function distinctSpans(spans: readonly RollupSpan[]): RollupSpan[] {
  const bySeries = Map.groupBy(spans, ({ grain, dimension }) => `${grain} ${dimension}`);
  return [...bySeries.values()].flatMap((same) => {
    const merged: RollupSpan[] = [];
    for (const span of same.toSorted((a, b) => a.from - b.from)) {
      const last = merged.at(-1);
      if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
      else merged.push({ ...span });
    }
    return merged;
  });
}
