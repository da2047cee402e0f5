/**
 * What a question comes down to: plain measures by plain dimensions, each answered by one plan.
 * @module
 */
import type { Granularity } from "../../../../schema/wire/query";
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import { measuresOf } from "../../metrics";
import type { CheckedFilter } from "../parse/filter";
import type { Question } from "../parse/query";
import { readUntil } from "../parse/range";

/**
 * One thing to find out: measures by dimensions over one range. A query asks several (its rows, its totals, the same
 * for the compared range); equal asks are answered once.
 */
export interface Subquery {
  dataset: string;
  /** Of a mart: the dataset of the lake that answers rows and totals alike. */
  level?: LakeDataset;
  measures: string[];
  dimensions: string[];
  grain: Granularity | null;
  zone: string;
  from: number;
  to: number;
  filter: CheckedFilter | null;
}

/** What a question needs to know. Totals are asked for apart: distinct counts of rows do not add up. */
export interface AsksOf {
  rows: Subquery;
  totals: Subquery;
  comparedRows: Subquery | null;
  comparedTotals: Subquery | null;
}

export function asksOf(question: Question): AsksOf {
  const { dataset, metrics, dimensions, grain, zone, filter, range, compared, now, level } = question;
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
