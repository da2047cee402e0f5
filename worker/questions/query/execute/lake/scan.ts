/**
 * Answers lake plans. Those of one page share the scan: each segment is read once, with the columns that any of them
 * needs. Sessions are read first where events have to be joined to them.
 * @module
 */

import type { Stores } from "../../../../lib/stores";
import { readKept } from "../../../../pipeline/lake";
import { PRECISION, type Precision } from "../../../../pipeline/rollup";
import { DATASETS, measureNamed } from "../../../metrics";
import { type CheckedFilter, dimensionsOf } from "../../parse/filter";
import type { LakePlan } from "../../plan/plan";
import {
  clustersOf,
  dimensionNamed,
  fieldDimensions,
  martClustersOf,
  type Reads,
  relatedDimension,
  type SplitFilter,
} from "../../plan/reads";
import type { AggregateTable } from "../../table/aggregate-table";
import type { MemoryBudget } from "../../table/distinct";
import type { Snapshot } from "../snapshot-store";
import { Aggregator } from "./aggregate";
import { maskOf } from "./mask";
import { People } from "./people";
import { SessionIndex } from "./session-index";
import { sessionViews } from "./session-source";
import { batchesOf, type ReadCost } from "./sources";
import { type BatchView, viewOf } from "./view";

/** A lake plan with what it reads. */
export interface LakeTask {
  plan: LakePlan;
  filter: SplitFilter;
  reads: Reads;
  /** Of sketches that the answer will be merged with. */
  precision?: Precision;
}

export interface LakeStores extends Stores {
  project: string;
}

/** Runs tasks over one snapshot; a table for each. @throws SegmentGoneError when the manifest has moved on. */
export async function runLake(
  stores: LakeStores,
  snapshot: Snapshot,
  tasks: readonly LakeTask[],
  room: MemoryBudget,
): Promise<{ tables: AggregateTable[]; cost: ReadCost }> {
  const scan = new Scan(stores, snapshot, tasks, room);
  await scan.readSessions();
  await scan.readEvents();
  scan.addMatched();
  await scan.readMarts();
  return { tables: scan.aggregators.map(({ table }) => table), cost: scan.cost };
}

/** A filter on the events of sessions, and 1 for each session that has such an event. */
interface Match {
  filter: CheckedFilter;
  places: Uint8Array;
}

class Scan {
  readonly cost: ReadCost = { rows: 0, bytes: 0 };
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
    room: MemoryBudget,
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
    const { lake, project } = this.stores;
    const joined = this.tasks.flatMap(({ reads }) =>
      reads.joined && reads.sessions ? reads.sessions.columns : [],
    );
    for (const { read, members } of clustersOf(this.tasks, ({ reads }) => reads.sessions)) {
      const tasks = members.map((member) => this.tasks[member]!);
      const isJoined = tasks.some(({ reads }) => reads.joined);
      // The index has the same attributes everywhere, whichever question they are for.
      const columns = isJoined ? [...new Set([...read.columns, ...joined])].sort() : read.columns;
      const isKept = tasks.some(({ filter }) => filter.some);
      for await (const view of sessionViews(lake, project, this.snapshot, { ...read, columns }, this.cost)) {
        const places = isJoined ? this.#index?.add(view) : undefined;
        await this.#addTo("sessions", members, view);
        if (places && isKept) this.#kept.push({ view, places });
      }
    }
    for (const { filter } of this.tasks) {
      if (!filter.some || !this.#index) continue;
      const places = new Uint8Array(this.#index.size);
      this.#matched.set(JSON.stringify(filter.some), { filter: filter.some, places });
    }
  }

  async readEvents(): Promise<void> {
    const { lake, project } = this.stores;
    for (const { read, members } of clustersOf(this.tasks, ({ reads }) => reads.events)) {
      const filters = new Set(members.map((member) => JSON.stringify(this.tasks[member]!.filter.some)));
      for await (const { length, columns } of batchesOf(
        lake,
        this.snapshot.events,
        project,
        read,
        this.cost,
      )) {
        const view = viewOf("events", { length, columns, alive: null }, this.#index);
        await this.#addTo("events", members, view);
        for (const [filter, match] of this.#matched) if (filters.has(filter)) this.#match(view, match);
      }
    }
  }

  /** Rows of marts need no join and no one else's rows. */
  async readMarts(): Promise<void> {
    const { lake, project } = this.stores;
    for (const { level, read, members } of martClustersOf(this.tasks, ({ reads }) => reads.mart)) {
      const { dataset } = this.tasks[members[0]!]!.plan.ask;
      const segments = this.snapshot.marts.get(level)?.segments ?? [];
      for await (const { length, columns } of batchesOf(lake, segments, project, read, this.cost, readKept)) {
        const view = viewOf(dataset, { length, columns, alive: null }, null);
        for (const member of members) this.aggregators[member]!.add(view);
      }
    }
  }

  /** Adds a batch to those of the tasks that count rows of its dataset and do not wait for events. */
  async #addTo(lake: string, members: readonly number[], view: BatchView): Promise<void> {
    const counting = members.filter((member) => {
      const { plan, filter } = this.tasks[member]!;
      return DATASETS[plan.ask.dataset]!.lake === lake && !filter.some;
    });
    if (counting.some((member) => asksUsers(this.tasks[member]!))) await this.#people.meet(view);
    for (const member of counting) this.aggregators[member]!.add(view);
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
}

function asksUsers({ plan: { ask } }: LakeTask): boolean {
  const dataset = DATASETS[ask.dataset]!;
  return ask.measures.some((name) => {
    const { aggregate } = measureNamed(dataset, name);
    return aggregate.kind === "distinct" && aggregate.subject === "user";
  });
}

/** Columns of sessions that events are grouped or filtered by. */
function attributesOf({ plan, filter }: LakeTask): string[] {
  const dataset = DATASETS[plan.ask.dataset]!;
  const names = [...plan.ask.dimensions, ...dimensionsOf(filter.own), ...fieldDimensions(plan.ask)];
  return names.flatMap((name) => {
    const dimension = dimensionNamed(dataset, name);
    if (dimension.origin.kind !== "related") return [];
    const { origin } = relatedDimension(dimension);
    return origin.kind === "column" ? [origin.column] : [];
  });
}
