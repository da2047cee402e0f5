/**
 * Defined aggregations as metrics of their datasets.
 * @module
 */
import type { Filter } from "../../../schema/wire/filter";
import type { Aggregation, MetricRule, Unit } from "../../../schema/wire/metric";
import { nearest } from "../../../schema/wire/nearest";
import type { Dataset, Metric } from "./dataset";
import { type Field, fieldMeasure, findField } from "./fields";
import { findDataset, isUnknown, type UnknownName } from "./registry";

export type AggregateRule = Extract<MetricRule, { kind: "aggregate" }>;

/** A metric of a dataset, over the rows that pass the filters. */
export interface BaseMetric {
  kind: "base";
  dataset: Dataset;
  metric: Metric;
  filters: Filter | undefined;
}

/** Why an aggregation is refused. */
export interface RuleFault {
  path: "dataset" | "aggregation" | "field";
  kind: "unknown" | "rule";
  fault: string;
}

/** Fields of `unique` that are not columns: the subjects that rows belong to. */
const SUBJECTS = ["visitor", "user", "session"] as const;

/** Returns the metric of an aggregation, or why it is refused. */
export function aggregateMetric(name: string, rule: AggregateRule): BaseMetric | RuleFault {
  const dataset = findDataset(rule.dataset);
  if (isUnknown(dataset)) return unknownFault("dataset", dataset);
  const { aggregation, field } = rule;
  if (aggregation === "count") return counted(name, rule, dataset);
  if (field === undefined) return fault("field", `\`${aggregation}\` requires a field`);
  const subject = aggregation === "unique" ? subjectMeasure(dataset, field) : null;
  if (subject !== null) return base(name, rule, dataset, { measure: subject }, "count");
  const found = findField(dataset, field);
  if (isUnknown(found)) {
    const known = aggregation === "unique" ? subjectsOf(dataset) : [];
    return unknownFault("field", {
      ...found,
      nearest: nearest(field, [...known, ...(found.nearest ? [found.nearest] : [])]),
    });
  }
  return (
    refuseField(found, aggregation) ??
    base(name, rule, dataset, valueOver(aggregation, field), unitOver(rule, found))
  );
}

/** The subjects that `unique` counts as the dataset's own metrics do. */
export function subjectsOf(dataset: Dataset): string[] {
  return SUBJECTS.filter((subject) => subjectMeasure(dataset, subject) !== null);
}

function subjectMeasure(dataset: Dataset, field: string): string | null {
  const found = Object.entries(dataset.measures).find(
    ([, { aggregate }]) => aggregate.kind === "distinct" && aggregate.subject === field,
  );
  return found?.[0] ?? null;
}

/** Counts rows, or rows that have a field. Both are row counts under a filter, which rollups can answer. */
function counted(name: string, rule: AggregateRule, dataset: Dataset): BaseMetric | RuleFault {
  const rows = Object.entries(dataset.measures).find(
    ([, { aggregate }]) => aggregate.kind === "count" && !aggregate.where,
  );
  if (!rows) throw new Error(`metrics: ${dataset.name} does not count its rows`);
  const value = { measure: rows[0] };
  const { field } = rule;
  if (field === undefined) return base(name, rule, dataset, value, "count");
  const found = findField(dataset, field);
  if (isUnknown(found)) return unknownFault("field", found);
  if ("number" in found)
    return fault("field", `Every row of \`${dataset.name}\` has \`${field}\`: use \`count\` without a field`);
  if (found.dimension.origin.kind === "time")
    return fault("field", "Every row has a time: use `count` without a field");
  const has: Filter = { dimension: field, op: "is_set", value: true };
  const filters = rule.filters ? { and: [rule.filters, has] } : has;
  return base(name, { ...rule, filters }, dataset, value, "count");
}

function refuseField(field: Field, aggregation: Aggregation): RuleFault | null {
  if ("number" in field) return null;
  const { name, origin } = field.dimension;
  if (origin.kind === "time")
    return fault("field", `${aggregation} of time is not known; break down by ${name} instead`);
  if (origin.kind === "related" && origin.many) {
    return fault(
      "field",
      `A session has several values of \`${name}\`: use the dataset \`${origin.dataset}\`, whose rows have one each`,
    );
  }
  return null;
}

function valueOver(aggregation: Exclude<Aggregation, "count">, field: string): Metric["value"] {
  if (aggregation !== "average") return { measure: fieldMeasure(aggregation, field) };
  // An average of averages would be another number: sums and counts stay separate until the end.
  return { ratio: [fieldMeasure("sum", field), fieldMeasure("numbers", field)] };
}

function unitOver({ aggregation, unit }: AggregateRule, field: Field): Unit {
  if (aggregation === "unique") return "count";
  return unit ?? ("number" in field ? field.number.unit : "count");
}

function base(
  name: string,
  { aggregation, filters }: AggregateRule,
  dataset: Dataset,
  value: Metric["value"],
  unit: Unit,
): BaseMetric {
  const isWhole = aggregation === "count" || aggregation === "unique";
  const format = isWhole ? "integer" : formatOf(unit, "decimal");
  const metric: Metric = { name, label: name, description: "", unit, format, good: "up", value };
  return { kind: "base", dataset, metric, filters };
}

/** The default format of a unit. */
export function formatOf(unit: Unit, ofCount: "integer" | "decimal" = "integer"): Metric["format"] {
  if (unit === "count") return ofCount;
  if (unit === "ratio") return "percent";
  return unit === "ms" ? "duration" : "currency";
}

const fault = (path: RuleFault["path"], text: string): RuleFault => ({ path, kind: "rule", fault: text });

function unknownFault(path: RuleFault["path"], { unknown, name, nearest: meant }: UnknownName): RuleFault {
  const what = path === "field" ? "field" : unknown;
  const hint = meant === undefined ? "" : `; did you mean \`${meant}\`?`;
  return { path, kind: "unknown", fault: `There is no ${what} \`${name}\`${hint}` };
}
