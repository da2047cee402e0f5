/**
 * Plans that scan the lake: which datasets, columns and range of time are read. No I/O.
 *
 * Events are joined to the session that they belong to: by its key, and a time between its first and last event. A
 * session spans two local days at most, so a margin of that length finds all of them.
 * @module
 */

import { DAY_MS, type TimeRange } from "../../../lib/time";
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import type { Precision } from "../../../pipeline/rollup";
import { DATASETS, type Dataset, measureNamed } from "../../metrics";
import { columnOf, dimensionNamed, fieldsIn, measureColumns, relatedDimension } from "../dataset-columns";
import { type CheckedFilter, conjuncts, dimensionsOf } from "../parse/filter";
import { isRefusal, type Refusal, refuse } from "../parse/refusal";
import type { Subquery } from "./subquery";

/** Two local days, the longest of which has 25 hours. */
const SESSION_MARGIN_MS = 2 * DAY_MS + 2 * 3_600_000;
/** Columns that identify the session of an event. */
const EVENT_KEY = ["timestamp", "session_id", "visitor_id", "distinct_id", "previous_anonymous_id"];
/** Columns that identify the events of a session, and whether the row is valid. */
const SESSION_KEY = ["session_key", "started_at", "ended_at", "generation", "epoch"];

/** One pass over a dataset of the lake. */
export interface Read extends TimeRange {
  columns: string[];
}

/** One pass over a level of a mart. */
export interface MartRead extends Read {
  level: LakeDataset;
}

/** The reads of a plan, by lake dataset. */
export interface Reads {
  events?: Read;
  sessions?: Read;
  /** Instead of the others. */
  mart?: MartRead;
  /** Whether the two are joined. */
  joined: boolean;
}

/** The parts of a filter: on the dataset's own rows, and on the many rows related to each. */
export interface SplitFilter {
  own: CheckedFilter | null;
  /** Some related row must pass this. */
  some: CheckedFilter | null;
}

const isMany = (dataset: Dataset, name: string) => {
  const { origin } = dimensionNamed(dataset, name);
  return origin.kind === "related" && origin.many;
};

/** Reads the lake. */
export interface LakePlan {
  store: "lake";
  subquery: Subquery;
  /** Why rollups cannot answer. */
  why: string;
  /** Bucket edges of the result, epoch ms. */
  edges: number[];
  /** Rows to add up; for marts, in stored calendar days. */
  range: TimeRange;
  filter: SplitFilter;
  reads: Reads;
  /** Precision of the sketches that the result is merged with. */
  precision: Precision | undefined;
  /** Whether rollups have added what is read to `(other)`. */
  isOfOther: boolean;
}

/** Returns the plan of a scan, or a refusal when the filter cannot be split. `range` defaults to all edges. */
export function planLake(
  subquery: Subquery,
  {
    edges,
    why,
    range,
    precision,
    isOfOther = false,
  }: Pick<LakePlan, "edges" | "why"> & Partial<Pick<LakePlan, "range" | "precision" | "isOfOther">>,
): LakePlan | Refusal {
  const filter = splitFilter(subquery);
  if (isRefusal(filter)) return filter;
  const rows = range ?? { from: edges[0]!, to: edges.at(-1)! };
  const reads = readsOf(subquery, filter, rows);
  return { store: "lake", subquery, why, edges, range: rows, filter, reads, precision, isOfOther };
}

/** Separates conditions on the many related rows. Below an `or` they cannot be mixed with others. */
export function splitFilter(subquery: Subquery): SplitFilter | Refusal {
  const dataset = DATASETS[subquery.dataset]!;
  const own: CheckedFilter[] = [];
  const some: CheckedFilter[] = [];
  for (const part of conjuncts(subquery.filter)) {
    const many = new Set(dimensionsOf(part).map((name) => isMany(dataset, name)));
    if (many.size > 1) {
      const detail = `Conditions on events and on ${dataset.name} can be combined with \`and\` only, not with \`or\` or \`not\``;
      return refuse("filter_not_combinable", "filters", detail);
    }
    (many.has(true) ? some : own).push(part);
  }
  const and = (parts: CheckedFilter[]) => (parts.length ? { and: parts } : null);
  return { own: and(own), some: and(some) };
}

/** Returns what is read for a subquery over a range. */
export function readsOf(subquery: Subquery, filter: SplitFilter, { from, to }: TimeRange): Reads {
  const dataset = DATASETS[subquery.dataset]!;
  const own = new Set<string>([dataset.time]);
  const related = new Set<string>();
  if (dataset.except) own.add(dataset.except.column);
  for (const name of [
    ...subquery.dimensions,
    ...dimensionsOf(filter.own),
    ...fieldsIn(dataset, subquery.measures),
  ]) {
    const dimension = dimensionNamed(dataset, name);
    if (dimension.origin.kind === "related") related.add(columnOf(relatedDimension(dimension)));
    else own.add(columnOf(dimension));
  }
  for (const name of subquery.measures) for (const column of measureColumns(dataset, name)) own.add(column);
  const bySession = subquery.measures.some((name) => {
    const { aggregate } = measureNamed(dataset, name);
    return aggregate.kind === "distinct" && aggregate.subject === "session";
  });
  const joined = related.size > 0 || bySession || filter.some !== null;
  const { level } = subquery;
  if (level) return { mart: { level, columns: [...own].sort(), from, to }, joined };
  if (dataset.lake === "sessions") {
    const columns = [...new Set([...own, "generation", "epoch", ...(joined ? SESSION_KEY : [])])].sort();
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
