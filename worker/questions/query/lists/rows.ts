/**
 * Lists the newest rows of a dataset, page by page. Reads back from the newest row in growing ranges until a page is
 * full: first the columns that select rows, then all columns of the rows that were found. A page is shorter than its
 * limit when finding or reading more would exceed the budget.
 * @module
 */

import type { Stores } from "../../../lib/stores";
import type { TimeRange } from "../../../lib/time";
import { inTurns, TURN_BYTES, Turn, yieldControl } from "../../../lib/yield";
import { DATASETS as LAKE, type RowOf, type SegmentInfo } from "../../../pipeline/lake";
import { DATASETS } from "../../metrics";
import { SessionIndex } from "../execute/lake/session-index";
import { sessionViews } from "../execute/lake/session-source";
import { batchesOf, type ReadCost } from "../execute/lake/sources";
import { type BatchView, viewOf } from "../execute/lake/view";
import { type ProjectState, readSnapshot, type Snapshot } from "../execute/snapshot-store";
import { dimensionsOf } from "../parse/filter";
import { isRefusal, type Refusal } from "../parse/refusal";
import { BUDGET, type Budget } from "../plan";
import { type Cost, costOf, refuseCost, rowsIn } from "../plan/cost";
import { type Reads, readsOf, splitFilter } from "../plan/lake-plan";
import type { Subquery } from "../plan/subquery";
import { newestFirst, type Position } from "./position";
import { affordable, type Listed, rangesOf, rowOf } from "./whole-rows";

/** Work of a row, in the bytes of `plan/cost.ts`. */
const ROW_WORK = 24;
/** Rows expected in the first range that is read, as a multiple of the page size. */
const FIRST_STRETCH = 4;
/** Each further stretch is this much longer. */
const WIDEN = 8;

/** Positions in memory; at least twice as many as a page has rows. */
const MOST_POSITIONS = 20_000;

export interface RowRequest<D extends Listed> {
  dataset: D;
  /** Range, filter and zone; measures and dimensions are not used. */
  subquery: Subquery;
  limit: number;
  after: Position | null;
  budget?: Budget;
}

export interface RowPage<D extends Listed> {
  rows: RowOf<D>[];
  next: Position | null;
  snapshot: Snapshot;
  cost: ReadCost;
}

/** Columns that tell rows of one moment apart. */
const ID = { events: "event_id", sessions: "session_key" } as const;

export async function newestRows<D extends Listed>(
  stores: Stores,
  project: string,
  state: ProjectState,
  request: RowRequest<D>,
): Promise<RowPage<D> | Refusal> {
  const { subquery, after } = request;
  const filter = splitFilter(subquery);
  if (isRefusal(filter)) return filter;
  const to = Math.min(subquery.to, after ? after.time + 1 : subquery.to);
  const reads = readsOf(subquery, filter, { from: subquery.from, to });
  const snapshot = await readSnapshot(stores.db, project, state, {
    spans: [],
    events: reads.events ?? null,
    sessions: reads.sessions ?? null,
    rollups: null,
    unfolded: true,
  });
  const finder = new Finder(stores, project, snapshot, reads, request, filter);
  return finder.find(subquery.from, to);
}

class Finder<D extends Listed> {
  readonly cost: ReadCost = { rows: 0, bytes: 0 };
  readonly #turn = new Turn(TURN_BYTES);

  constructor(
    readonly stores: Stores,
    readonly project: string,
    readonly snapshot: Snapshot,
    readonly reads: Reads,
    readonly request: RowRequest<D>,
    readonly filter: Exclude<ReturnType<typeof splitFilter>, Refusal>,
  ) {}

  async find(from: number, to: number): Promise<RowPage<D> | Refusal> {
    const { limit, subquery, budget = BUDGET } = this.request;
    const found: Position[] = [];
    /** Where reading ended early; null when all was read or the page is full. */
    let end: Position | null = null;
    for (const stretch of this.#stretches(from, to)) {
      const refusal = refuseCost(this.#costUntil(stretch.from, to), to - stretch.from, subquery, budget);
      if (refusal && !found.length) return refusal;
      if (refusal) {
        end = { time: stretch.to, id: "" };
        break;
      }
      for (const position of await this.#positions(stretch)) found.push(position);
      if (found.length > limit) break;
    }
    const page = affordable(
      this.request.dataset,
      this.#segments(),
      found.sort(newestFirst).slice(0, limit),
      budget,
    );
    const rows = page.length ? await this.#wholeRows(page) : [];
    const next = found.length > page.length ? page.at(-1)! : end;
    return { rows, next, snapshot: this.snapshot, cost: this.cost };
  }

  /** What selecting rows costs from the newest one back to `from`. */
  #costUntil(from: number, to: number): Cost {
    const { dataset, subquery } = this.request;
    const read = { columns: this.#deciding(), from, to };
    const segments = this.#segments();
    const { sessions } = this.reads;
    const joined =
      dataset === "events" && sessions
        ? [
            {
              dataset: "sessions" as const,
              read: { ...sessions, from, to },
              segments: this.snapshot.sessions,
            },
          ]
        : [];
    const plan = { subquery: { ...subquery, measures: [], dimensions: [] }, filter: this.filter };
    return costOf([{ dataset, read, segments }, ...joined], [{ plan, rows: rowsIn({ read, segments }) }]);
  }

  #segments(): SegmentInfo[] {
    return this.snapshot[this.request.dataset];
  }

  /** Ranges of time from the newest on, sized by the manifest's number of rows. */
  *#stretches(from: number, to: number): Generator<TimeRange> {
    const segments = this.#segments();
    const newest = Math.max(from, ...segments.map(({ max_time }) => max_time + 1));
    const end = this.request.dataset === "sessions" ? to : Math.min(to, newest);
    const rows = rowsIn({ read: { columns: [], from, to: end }, segments });
    const share = (this.request.limit * FIRST_STRETCH) / Math.max(rows, 1);
    let width = Math.max(60_000, Math.ceil((end - from) * share));
    for (let until = end; until > from; width *= WIDEN) {
      const since = Math.max(from, until - width);
      yield { from: since, to: until };
      until = since;
    }
  }

  #deciding(): string[] {
    const { dataset } = this.request;
    return [...new Set([...(this.reads[dataset]?.columns ?? []), LAKE[dataset].time, ID[dataset]])].sort();
  }

  /** Positions of the matching rows after the cursor. */
  async #positions(range: TimeRange): Promise<Position[]> {
    const { dataset, after } = this.request;
    const positions: Position[] = [];
    const matched = this.filter.some ? await this.#withEvents(range) : null;
    for await (const view of this.#views(this.#deciding(), range, await this.#index(range))) {
      if (this.#turn.isOver(ROW_WORK * view.length)) await yieldControl();
      await inTurns(view.parseProperties(dimensionsOf(this.filter.own)), this.#turn);
      const mask = view.mask(this.filter.own, DATASETS[dataset]!.except);
      const ids = view.column(ID[dataset]);
      for (let row = 0; row < view.length; row++) {
        if (mask && !mask[row]) continue;
        const position = { time: view.times[row]!, id: ids.dictionary[ids.codes[row]!] ?? "" };
        if (after && newestFirst(position, after) <= 0) continue;
        if (matched && !matched.has(`${position.id}@${position.time}`)) continue;
        positions.push(position);
      }
      // Only the newest ones can be on the page; the next one shows whether there are more.
      if (positions.length > MOST_POSITIONS) positions.sort(newestFirst).splice(this.request.limit + 1);
    }
    return positions;
  }

  /** Identities of the sessions in a range that have a matching event. */
  async #withEvents(range: TimeRange): Promise<Set<string>> {
    const { sessions, events } = this.reads;
    if (!sessions || !events || !this.filter.some) return new Set();
    const index = new SessionIndex([]);
    const identities: string[] = [];
    const read = { ...sessions, ...range };
    for await (const view of sessionViews(this.stores.lake, this.project, this.snapshot, read, this.cost)) {
      const keys = view.column("session_key");
      for (const [row, place] of index.add(view).entries()) {
        if (place >= 0) identities[place] = `${keys.dictionary[keys.codes[row]!]}@${view.times[row]}`;
      }
    }
    const found = new Set<string>();
    const eventRead = { ...events, from: range.from, to: range.to + (events.to - sessions.to) };
    for await (const batch of batchesOf(
      this.stores.lake,
      this.snapshot.events,
      this.project,
      eventRead,
      this.cost,
    )) {
      const view = viewOf("events", { ...batch, alive: null }, index);
      await inTurns(view.parseProperties(dimensionsOf(this.filter.some)), this.#turn);
      const mask = view.mask(this.filter.some, view.dataset.except);
      for (const [row, place] of view.sessions().entries()) {
        if (place >= 0 && (!mask || mask[row])) found.add(identities[place] ?? "");
      }
    }
    return found;
  }

  async *#views(columns: string[], range: TimeRange, index: SessionIndex | null): AsyncGenerator<BatchView> {
    const { lake } = this.stores;
    if (this.request.dataset === "sessions") {
      const read = { columns: [...new Set([...columns, "generation", "epoch"])].sort(), ...range };
      yield* sessionViews(lake, this.project, this.snapshot, read, this.cost);
      return;
    }
    for await (const batch of batchesOf(
      lake,
      this.snapshot.events,
      this.project,
      { columns, ...range },
      this.cost,
    )) {
      yield viewOf("events", { ...batch, alive: null }, index);
    }
  }

  /** The sessions that events of a range are joined to; null when no condition needs them. */
  async #index(range: TimeRange): Promise<SessionIndex | null> {
    const { events, sessions, joined } = this.reads;
    if (!joined || !events || !sessions || this.request.dataset === "sessions") return null;
    const own = new Set(["session_key", "started_at", "ended_at", "generation", "epoch"]);
    const index = new SessionIndex(sessions.columns.filter((name) => !own.has(name)));
    const read = { ...sessions, from: range.from - (events.from - sessions.from), to: range.to };
    for await (const view of sessionViews(this.stores.lake, this.project, this.snapshot, read, this.cost))
      index.add(view);
    return index;
  }

  /** All columns of the rows at `page`, in its order. */
  async #wholeRows(page: readonly Position[]): Promise<RowOf<D>[]> {
    const { dataset } = this.request;
    const columns = Object.keys(LAKE[dataset].columns);
    const wanted = new Map<string, RowOf<D> | null>(page.map((position) => [keyOf(position), null]));
    for (const range of rangesOf(this.#segments(), page)) {
      for await (const view of this.#views(columns, range, null)) {
        const ids = view.column(ID[dataset]);
        for (let row = 0; row < view.length; row++) {
          const key = keyOf({ time: view.times[row]!, id: ids.dictionary[ids.codes[row]!] ?? "" });
          const isAlive = !view.batch.alive || view.batch.alive[row] === 1;
          if (isAlive && wanted.has(key)) wanted.set(key, rowOf(dataset, view, row));
        }
      }
    }
    return [...wanted.values()].filter((row) => row !== null);
  }
}

const keyOf = ({ time, id }: Position) => `${time} ${id}`;
