/**
 * The subqueries of a query: plain measures by plain dimensions over one range, each answered by one plan.
 * @module
 */
import type { Granularity } from "../../../../schema/wire/query";
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import { measuresOf } from "../../metrics";
import type { QueryPart, QueryShape } from "../parse";
import type { CheckedFilter } from "../parse/filter";
import { readUntil } from "../parse/range";

/** Measures by dimensions over one range. Equal subqueries of a batch are answered once. */
export interface Subquery {
  dataset: string;
  /** For a mart: the lake dataset that is read, for rows and totals alike. */
  level?: LakeDataset;
  measures: string[];
  dimensions: string[];
  grain: Granularity | null;
  zone: string;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
  filter: CheckedFilter | null;
}

/** The four sections of a result. Totals are computed separately: distinct counts of rows do not add up. */
export interface Sections<T> {
  rows: T;
  totals: T;
  comparedRows: T | null;
  comparedTotals: T | null;
}

/** Returns the subqueries of one part of a query. */
export function subqueriesOf(shape: QueryShape, part: QueryPart): Sections<Subquery> {
  const { dimensions, grain, zone, range, compared, now } = shape;
  const { dataset, metrics, filter, level } = part;
  const rows: Subquery = {
    dataset: dataset.name,
    ...(level && { level }),
    measures: [...new Set(metrics.flatMap(measuresOf))].sort(),
    dimensions: dimensions.map(({ name }) => name),
    grain,
    zone,
    from: range.from,
    to: readUntil(range.to, grain, zone, now),
    filter,
  };
  const totals: Subquery = { ...rows, dimensions: [], grain: null };
  return {
    rows,
    totals,
    comparedRows: compared && { ...rows, ...compared },
    comparedTotals: compared && { ...totals, ...compared },
  };
}
