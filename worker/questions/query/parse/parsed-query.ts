/**
 * A checked query: every name is known, the range is resolved to instants.
 * @module
 */
import type { Unit } from "../../../../schema/wire/metric";
import type { Granularity } from "../../../../schema/wire/query";
import type { TimeRange } from "../../../lib/time";
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import type { BaseMetric, Dataset, Dimension, Metric, Resolved } from "../../metrics";
import type { CheckedFilter } from "./filter";
import type { ResolvedRange } from "./range";

/** The project that is queried, and the time. */
export interface QueryContext {
  project: string;
  /** IANA time zone of the project, used when the query has none. */
  timezone: string;
  /** ISO 4217 code of the project's currency. */
  currency: string;
  /** Epoch ms. */
  now: number;
}

/** What all parts of a query share. */
export interface QueryShape {
  /** Without time. */
  dimensions: Dimension[];
  /** Width of the time buckets that rows are split by; null without time. */
  grain: Granularity | null;
  /** Whether time is the first column, or comes after the dimensions. */
  timeFirst: boolean;
  /** IANA time zone. */
  zone: string;
  range: ResolvedRange;
  compared: TimeRange | null;
  orderBy: { name: string; direction: "asc" | "desc" }[];
  limit: number;
  /** ISO 4217 code of amounts in the project's currency. */
  currency: string;
  /** Epoch ms. */
  now: number;
}

/** Metrics of one dataset under one filter. */
export interface QueryPart {
  dataset: Dataset;
  /** For a mart: the lake dataset that is read; null otherwise. */
  level: LakeDataset | null;
  metrics: Metric[];
  filter: CheckedFilter | null;
}

/** A metric of the result. */
export interface MetricColumn {
  name: string;
  unit: Unit;
  resolved: Resolved;
}

/** A query with one part, or, when its metrics are formulas, one part for each dataset and filter that they use. */
export interface ParsedQuery extends QueryShape {
  columns: MetricColumn[];
  parts: QueryPart[];
  /** Index in `parts` of the part that computes a dataset's metric. */
  partOf: ReadonlyMap<BaseMetric, number>;
  /** Whether some metric is a defined one (`metric:<name>`). */
  hasDefined: boolean;
}
