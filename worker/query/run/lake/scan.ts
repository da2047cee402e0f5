/**
 * Answers lake plans. Those of one page share the scan: each segment is read once, with the columns that any of them
 * needs. Sessions are read first where events have to be joined to them.
 * @module
 */
import { DATASETS } from "../../../metrics";
import { PRECISION, type Precision } from "../../../rollup";
import type { Room } from "../../distinct";
import { type CheckedFilter, dimensionsOf } from "../../filter";
import type { LakePlan } from "../../plan/plan";
import { dimensionNamed, type Read, type Reads, relatedDimension, type SplitFilter } from "../../plan/reads";
import type { Snapshot } from "../../store";
import type { Table } from "../../table";
import { Aggregator } from "./aggregate";
import { maskOf } from "./mask";
import { People } from "./people";
import { SessionIndex } from "./session-index";
import { sessionViews } from "./session-source";
import { batchesOf, type Cost } from "./sources";
import { type BatchView, viewOf } from "./view";

/** A lake plan with what it reads. */
export interface LakeTask {
  plan: LakePlan;
  filter: SplitFilter;
  reads: Reads;
  /** Of sketches that the answer will be merged with. */
  precision?: Precision;
}

export interface LakeStores {
  db: D1Database;
  lake: R2Bucket;
  project: string;
}

/** Runs tasks over one snapshot; a table for each. @throws SegmentGoneError when the manifest has moved on. */
export async function runLake(
  stores: LakeStores,
  snapshot: Snapshot,
  tasks: readonly LakeTask[],
  room: Room,
): Promise<{ tables: Table[]; cost: Cost }> {
  const scan = new Scan(stores, snapshot, tasks, room);
  await scan.readSessions();
  await scan.readEvents();
  scan.addMatched();
  return { tables: scan.aggregators.map(({ table }) => table), cost: scan.cost };
}

/** A filter on the events of sessions, and 1 for each session that has such an event. */
interface Match {
  filter: CheckedFilter;
  places: Uint8Array;
}

class Scan {
  readonly cost: Cost = { rows: 0, bytes: 0 };
  readonly aggregators: Aggregator[];
  readonly #people: People;
  readonly #index: SessionIndex | null;
  /** Session batches that wait for events to say which rows are meant. */
  readonly #kept: { view: BatchView; places: Int32Array }[] = [];
  readonly #matched = new Map<string, Match>();

  constructor(
    readonly stores: LakeStores,
    readonly snapshot: Snapshot,
    readonly tasks: readonly LakeTask[],
    room: Room,
  ) {
    this.#people = new People(stores.db, stores.project);
    const zone = snapshot.standing.timezone;
    this.aggregators = tasks.map(({ plan, filter, precision = PRECISION.fine }) => {
      return new Aggregator(plan.ask, filter.own, plan.edges, zone, this.#people, { precision, room });
    });
    const joined = tasks.filter(({ reads }) => reads.joined);
    this.#index = joined.length ? new SessionIndex([...new Set(joined.flatMap(attributesOf))]) : null;
  }

  async readSessions(): Promise<void> {
    const read = together(this.tasks.flatMap(({ reads }) => reads.sessions ?? []));
    if (!read) return;
    const { lake, project } = this.stores;
    for await (const view of sessionViews(lake, project, this.snapshot, read, this.cost)) {
      const places = this.#index?.add(view);
      await this.#meetPeople("sessions", view);
      for (const [i, { plan, filter }] of this.tasks.entries()) {
        if (DATASETS[plan.ask.dataset]!.lake === "sessions" && !filter.some) this.aggregators[i]!.add(view);
      }
      if (places && this.tasks.some(({ filter }) => filter.some)) this.#kept.push({ view, places });
    }
    for (const { filter } of this.tasks) {
      if (!filter.some || !this.#index) continue;
      const places = new Uint8Array(this.#index.size);
      this.#matched.set(JSON.stringify(filter.some), { filter: filter.some, places });
    }
  }

  async readEvents(): Promise<void> {
    const read = together(this.tasks.flatMap(({ reads }) => reads.events ?? []));
    if (!read) return;
    const { lake, project } = this.stores;
    for await (const { length, columns } of batchesOf(lake, this.snapshot.events, project, read, this.cost)) {
      const view = viewOf("events", { length, columns, alive: null }, this.#index);
      await this.#meetPeople("events", view);
      for (const [i, { plan }] of this.tasks.entries()) {
        if (DATASETS[plan.ask.dataset]!.lake === "events") this.aggregators[i]!.add(view);
      }
      for (const match of this.#matched.values()) this.#match(view, match);
    }
  }

  /** Marks the sessions of the events that pass. */
  #match(view: BatchView, { filter, places }: Match): void {
    const sessions = DATASETS.sessions!;
    const passing = maskOf(filter, view.length, (name) =>
      view.dimension(relatedDimension(dimensionNamed(sessions, name)).name),
    );
    const counted = view.mask(null, view.dataset.except);
    const found = view.sessions();
    for (let row = 0; row < view.length; row++) {
      if (passing[row] && (!counted || counted[row]) && found[row]! >= 0) places[found[row]!] = 1;
    }
  }

  /** Adds up the sessions that have the events asked for. */
  addMatched(): void {
    for (const [i, { filter }] of this.tasks.entries()) {
      if (!filter.some) continue;
      const matched = this.#matched.get(JSON.stringify(filter.some))?.places;
      for (const { view, places } of this.#kept) {
        const selected = Uint8Array.from(places, (place) => (place >= 0 ? (matched?.[place] ?? 0) : 0));
        this.aggregators[i]!.add(view, selected);
      }
    }
  }

  async #meetPeople(lake: string, view: BatchView): Promise<void> {
    const isAsked = this.tasks.some(({ plan: { ask } }) => {
      const dataset = DATASETS[ask.dataset]!;
      if (dataset.lake !== lake) return false;
      return ask.measures.some((name) => {
        const { aggregate } = dataset.measures[name]!;
        return aggregate.kind === "distinct" && aggregate.subject === "user";
      });
    });
    if (isAsked) await this.#people.meet(view);
  }
}

/** Columns of sessions that events are grouped or filtered by. */
function attributesOf({ plan, filter }: LakeTask): string[] {
  const dataset = DATASETS[plan.ask.dataset]!;
  return [...plan.ask.dimensions, ...dimensionsOf(filter.own)].flatMap((name) => {
    const dimension = dimensionNamed(dataset, name);
    if (dimension.origin.kind !== "related") return [];
    const { origin } = relatedDimension(dimension);
    return origin.kind === "column" ? [origin.column] : [];
  });
}

/** One read that takes in several. */
export function together(reads: readonly Read[]): Read | null {
  if (!reads.length) return null;
  return {
    columns: [...new Set(reads.flatMap(({ columns }) => columns))].sort(),
    from: Math.min(...reads.map(({ from }) => from)),
    to: Math.max(...reads.map(({ to }) => to)),
  };
}
