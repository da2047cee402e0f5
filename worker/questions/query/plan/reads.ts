/**
 * What a lake plan reads: datasets, columns, stretch of time. No I/O.
 *
 * Events and sessions are joined through the session that an event belongs to: its key, and the moment between the
 * session's first and last event. A session touches two local days at most, so a margin of that length finds them all.
 * @module
 */

import { DAY_MS, type TimeRange } from "../../../lib/time";
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import {
  DATASETS,
  type Dataset,
  type Dimension,
  findDimension,
  findField,
  isUnknown,
  measureNamed,
} from "../../metrics";
import { type CheckedFilter, conjuncts, dimensionsOf } from "../parse/filter";
import { type Refusal, refuse } from "../parse/refusal";
import type { Subquery } from "./subquery";

/** Two local days, the longest of which has 25 hours. */
const SESSION_MARGIN_MS = 2 * DAY_MS + 2 * 3_600_000;
/** Columns that tell which session an event belongs to. */
const EVENT_KEY = ["timestamp", "session_id", "visitor_id", "distinct_id", "previous_anonymous_id"];
/** Columns that tell which events belong to a session, and whether the row is alive. */
const SESSION_KEY = ["session_key", "started_at", "ended_at", "epoch"];

/** One pass over a dataset of the lake. */
export interface Read extends TimeRange {
  columns: string[];
}

/** One pass over a level of a mart. */
export interface MartRead extends Read {
  level: LakeDataset;
}

/** What has to be read to answer, by dataset of the lake. */
export interface Reads {
  events?: Read;
  sessions?: Read;
  /** Instead of the others. */
  mart?: MartRead;
  /** Whether the two are joined. */
  joined: boolean;
}

/** The parts of a filter: on the dataset's own rows, and on the many rows that belong to each. */
export interface SplitFilter {
  own: CheckedFilter | null;
  /** Some related row must pass this. */
  some: CheckedFilter | null;
}

/** The dimension of a name that was checked before. */
export function dimensionNamed(dataset: Dataset, name: string): Dimension {
  const dimension = findDimension(dataset, name);
  if (isUnknown(dimension)) throw new Error(`query: dimension ${name} of ${dataset.name} was not checked`);
  return dimension;
}

const isMany = (dataset: Dataset, name: string) => {
  const { origin } = dimensionNamed(dataset, name);
  return origin.kind === "related" && origin.many;
};

/** Takes conditions on the many related rows apart; mixed with others below an `or` they cannot be. */
export function splitFilter(ask: Subquery): SplitFilter | Refusal {
  const dataset = DATASETS[ask.dataset]!;
  const own: CheckedFilter[] = [];
  const some: CheckedFilter[] = [];
  for (const part of conjuncts(ask.filter)) {
    const many = new Set(dimensionsOf(part).map((name) => isMany(dataset, name)));
    if (many.size > 1) {
      const detail = `Conditions on events and on ${dataset.name} can be joined by "and" only`;
      return refuse("unprocessable", "filters", detail);
    }
    (many.has(true) ? some : own).push(part);
  }
  const and = (parts: CheckedFilter[]) => (parts.length ? { and: parts } : null);
  return { own: and(own), some: and(some) };
}

/** What to read for an ask. `filter` is the ask's, split. */
export function readsOf(ask: Subquery, filter: SplitFilter): Reads {
  const dataset = DATASETS[ask.dataset]!;
  const own = new Set<string>([dataset.time]);
  const related = new Set<string>();
  if (dataset.except) own.add(dataset.except.column);
  for (const name of [...ask.dimensions, ...dimensionsOf(filter.own), ...fieldDimensions(ask)]) {
    const dimension = dimensionNamed(dataset, name);
    if (dimension.origin.kind === "related") related.add(columnOf(relatedDimension(dimension)));
    else own.add(columnOf(dimension));
  }
  for (const name of ask.measures) for (const column of measureColumns(dataset, name)) own.add(column);
  const bySession = ask.measures.some((name) => {
    const { aggregate } = measureNamed(dataset, name);
    return aggregate.kind === "distinct" && aggregate.subject === "session";
  });
  const joined = related.size > 0 || bySession || filter.some !== null;
  const { from, to, level } = ask;
  if (level) return { mart: { level, columns: [...own].sort(), from, to }, joined };
  if (dataset.lake === "sessions") {
    const columns = [...new Set([...own, "epoch", ...(joined ? SESSION_KEY : [])])].sort();
    if (!filter.some) return { sessions: { columns, from, to }, joined };
    const tested = dimensionsOf(filter.some).map((name) =>
      columnOf(relatedDimension(dimensionNamed(dataset, name))),
    );
    const { except } = DATASETS.events!;
    const events = [...new Set([...EVENT_KEY, ...tested, ...(except ? [except.column] : [])])].sort();
    return {
      sessions: { columns, from, to },
      events: { columns: events, from, to: to + SESSION_MARGIN_MS },
      joined,
    };
  }
  const columns = [...new Set([...own, ...(joined ? EVENT_KEY : [])])].sort();
  if (!joined) return { events: { columns, from, to }, joined };
  const sessions = [...new Set([...related, ...SESSION_KEY])].sort();
  return {
    events: { columns, from, to },
    sessions: { columns: sessions, from: from - SESSION_MARGIN_MS, to },
    joined,
  };
}

/** The dimension of the other dataset that a related one stands for. */
export function relatedDimension({ name, origin }: Dimension): Dimension {
  if (origin.kind !== "related") throw new Error(`query: ${name} is not related`);
  return dimensionNamed(DATASETS[origin.dataset]!, origin.dimension);
}

/** The column of rows that a dimension's values come from. */
export function columnOf({ name, origin }: Dimension): string {
  if (origin.kind === "column" || origin.kind === "property") return origin.column;
  throw new Error(`query: ${name} has no column`);
}

/** The columns that a measure is worked out of, besides those of dimensions. */
export function measureColumns(dataset: Dataset, name: string): string[] {
  const { aggregate } = measureNamed(dataset, name);
  switch (aggregate.kind) {
    case "count":
      return aggregate.where ? [aggregate.where.column] : [];
    case "sum":
      return [aggregate.column, aggregate.less, aggregate.where].filter((column) => column !== undefined);
    case "distinct":
      return aggregate.subject === "session" ? [] : ["visitor_id", "distinct_id"];
    case "field": {
      const field = findField(dataset, aggregate.field);
      if (!("number" in field)) return [];
      return field.number.less ? [field.number.column, field.number.less] : [field.number.column];
    }
  }
}

/** The dimensions whose values measures are taken of. */
export const fieldDimensions = (ask: Subquery) => fieldsIn(DATASETS[ask.dataset]!, ask.measures);

/** The same of measures of a dataset. */
export function fieldsIn(dataset: Dataset, measures: readonly string[]): string[] {
  return measures.flatMap((name) => {
    const { aggregate } = measureNamed(dataset, name);
    if (aggregate.kind !== "field") return [];
    return "dimension" in findField(dataset, aggregate.field) ? [aggregate.field] : [];
  });
}

/** Reads that overlap, as one pass with the columns of all; `members` are places in the list. */
export interface Cluster {
  read: Read;
  members: number[];
}

/** One pass over a level of a mart, for some of the tasks. */
export interface MartCluster extends Cluster {
  level: LakeDataset;
}

/** The passes over marts. */
export function martClustersOf<T>(
  items: readonly T[],
  readOf: (item: T) => MartRead | undefined,
): MartCluster[] {
  const levels = new Set(items.flatMap((item) => readOf(item)?.level ?? []));
  return [...levels].flatMap((level) => {
    const own = (item: T) => (readOf(item)?.level === level ? readOf(item) : undefined);
    return clustersOf(items, own).map((cluster) => ({ ...cluster, level }));
  });
}

/** Joins what overlaps. Stretches that are apart stay apart: what lies between them is not read. */
export function clustersOf<T>(items: readonly T[], readOf: (item: T) => Read | undefined): Cluster[] {
  const reads = items.flatMap((item, member) => {
    const read = readOf(item);
    return read ? [{ read, member }] : [];
  });
  const clusters: Cluster[] = [];
  for (const { read, member } of reads.sort((a, b) => a.read.from - b.read.from)) {
    const last = clusters.at(-1);
    if (last && read.from < last.read.to) {
      last.read.to = Math.max(last.read.to, read.to);
      last.read.columns.push(...read.columns);
      last.members.push(member);
    } else clusters.push({ read: { ...read, columns: [...read.columns] }, members: [member] });
  }
  for (const { read } of clusters) read.columns = [...new Set(read.columns)].sort();
  return clusters;
}
