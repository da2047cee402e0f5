/**
 * Scans the lake. The plans of a batch share the scan: each segment is read once, with the columns that any of them
 * needs. Sessions are read first where events are joined to them.
 * @module
 */

import type { Stores } from "../../../../lib/stores";
import { inTurns, TURN_BYTES, Turn } from "../../../../lib/yield";
import { readCached } from "../../../../pipeline/lake";
import { DATASETS, measureNamed } from "../../../metrics";
import { dimensionNamed, fieldsIn, relatedDimension } from "../../dataset-columns";
import { type CheckedFilter, dimensionsOf } from "../../parse/filter";
import type { LakePlan } from "../../plan/lake-plan";
import { clustersOf, martClustersOf } from "../../plan/passes";
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

export interface LakeStores extends Stores {
  project: string;
}

/** Runs scans over one snapshot. Returns a table for each. @throws SegmentGoneError when a segment was merged away */
export async function scanLake(
  stores: LakeStores,
  snapshot: Snapshot,
  scans: readonly LakePlan[],
  memory: MemoryBudget,
): Promise<{ tables: AggregateTable[]; cost: ReadCost }> {
  const scan = new Scan(stores, snapshot, scans, memory);
  await scan.readSessions();
  await scan.readEvents();
  await scan.addMatched();
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
  readonly #turn = new Turn(TURN_BYTES);
  readonly #index: SessionIndex | null;
  /** Session batches whose rows are selected by events, which are read later. */
  readonly #pending: { view: BatchView; places: Int32Array }[] = [];
  readonly #matched = new Map<string, Match>();

  constructor(
    readonly stores: LakeStores,
    readonly snapshot: Snapshot,
    readonly scans: readonly LakePlan[],
    memory: MemoryBudget,
  ) {
    this.#people = new People(stores.db, stores.project);
    const zone = snapshot.project.timezone;
    this.aggregators = scans.map((scan) => new Aggregator(scan, { zone, people: this.#people, memory }));
    const joined = scans.filter(({ reads }) => reads.joined);
    this.#index = joined.length ? new SessionIndex([...new Set(joined.flatMap(attributesOf))]) : null;
  }

  async readSessions(): Promise<void> {
    const { lake, project } = this.stores;
    const joined = this.scans.flatMap(({ reads }) =>
      reads.joined && reads.sessions ? reads.sessions.columns : [],
    );
    for (const { read, members } of clustersOf(this.scans, ({ reads }) => reads.sessions)) {
      const scans = members.map((member) => this.scans[member]!);
      const isJoined = scans.some(({ reads }) => reads.joined);
      // The index has the same attributes everywhere, whichever query they are for.
      const columns = isJoined ? [...new Set([...read.columns, ...joined])].sort() : read.columns;
      const isKept = scans.some(({ filter }) => filter.some);
      for await (const view of sessionViews(lake, project, this.snapshot, { ...read, columns }, this.cost)) {
        const places = isJoined ? this.#index?.add(view) : undefined;
        await this.#addTo("sessions", members, view);
        if (places && isKept) this.#pending.push({ view, places });
      }
    }
    for (const { filter } of this.scans) {
      if (!filter.some || !this.#index) continue;
      const places = new Uint8Array(this.#index.size);
      this.#matched.set(JSON.stringify(filter.some), { filter: filter.some, places });
    }
  }

  async readEvents(): Promise<void> {
    const { lake, project } = this.stores;
    for (const { read, members } of clustersOf(this.scans, ({ reads }) => reads.events)) {
      const filters = new Set(members.map((member) => JSON.stringify(this.scans[member]!.filter.some)));
      for await (const { length, columns } of batchesOf(
        lake,
        this.snapshot.events,
        project,
        read,
        this.cost,
      )) {
        const view = viewOf("events", { length, columns, alive: null }, this.#index);
        await this.#parse(members, view);
        await this.#addTo("events", members, view);
        for (const [filter, match] of this.#matched) if (filters.has(filter)) this.#match(view, match);
      }
    }
  }

  /** Reads marts, which are never joined. */
  async readMarts(): Promise<void> {
    const { lake, project } = this.stores;
    for (const { level, read, members } of martClustersOf(this.scans, ({ reads }) => reads.mart)) {
      const { dataset } = this.scans[members[0]!]!.subquery;
      const segments = this.snapshot.marts.get(level)?.segments ?? [];
      for await (const { length, columns } of batchesOf(
        lake,
        segments,
        project,
        read,
        this.cost,
        readCached,
      )) {
        const view = viewOf(dataset, { length, columns, alive: null }, null);
        await this.#parse(members, view);
        for (const member of members) await this.#aggregate(member, view);
      }
    }
  }

  /** Parses the properties that scans need. */
  async #parse(members: readonly number[], view: BatchView): Promise<void> {
    const names = members.flatMap((member) => {
      const { subquery, filter } = this.scans[member]!;
      const tested = [...dimensionsOf(filter.own), ...dimensionsOf(filter.some)];
      return [...subquery.dimensions, ...tested, ...fieldsIn(DATASETS[subquery.dataset]!, subquery.measures)];
    });
    await inTurns(view.parseProperties(names), this.#turn);
  }

  /** Adds a batch to one scan. Other requests of the isolate run in between. */
  async #aggregate(member: number, view: BatchView, selected?: Uint8Array): Promise<void> {
    await inTurns(this.aggregators[member]!.add(view, selected), this.#turn);
  }

  /** Adds a batch to those of the scans that count rows of its dataset and do not wait for events. */
  async #addTo(lake: string, members: readonly number[], view: BatchView): Promise<void> {
    const counting = members.filter((member) => {
      const { subquery, filter } = this.scans[member]!;
      return DATASETS[subquery.dataset]!.lake === lake && !filter.some;
    });
    if (counting.some((member) => countsUsers(this.scans[member]!))) await this.#people.load(view);
    for (const member of counting) await this.#aggregate(member, view);
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

  /** Adds up the sessions that have a matching event. */
  async addMatched(): Promise<void> {
    for (const [i, { filter }] of this.scans.entries()) {
      if (!filter.some) continue;
      const matched = this.#matched.get(JSON.stringify(filter.some))?.places;
      for (const { view, places } of this.#pending) {
        const selected = Uint8Array.from(places, (place) => (place >= 0 ? (matched?.[place] ?? 0) : 0));
        await this.#aggregate(i, view, selected);
      }
    }
  }
}

function countsUsers({ subquery }: LakePlan): boolean {
  const dataset = DATASETS[subquery.dataset]!;
  return subquery.measures.some((name) => {
    const { aggregate } = measureNamed(dataset, name);
    return aggregate.kind === "distinct" && aggregate.subject === "user";
  });
}

/** Columns of sessions by which events are grouped or filtered. */
function attributesOf({ subquery, filter }: LakePlan): string[] {
  const dataset = DATASETS[subquery.dataset]!;
  const names = [
    ...subquery.dimensions,
    ...dimensionsOf(filter.own),
    ...fieldsIn(dataset, subquery.measures),
  ];
  return names.flatMap((name) => {
    const dimension = dimensionNamed(dataset, name);
    if (dimension.origin.kind !== "related") return [];
    const { origin } = relatedDimension(dimension);
    return origin.kind === "column" ? [origin.column] : [];
  });
}
