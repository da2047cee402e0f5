/**
 * Resolves the metrics of a query, plain and defined ones, to metrics of datasets.
 * @module
 */
import {
  basesOf,
  type Dataset,
  type DefinitionFault,
  Definitions,
  findDataset,
  findMetric,
  isUnknown,
  placeWords,
  type Resolved,
  unitOf,
} from "../../metrics";
import type { MetricColumn } from "./parsed-query";
import type { MetricGroup, QueryInput } from "./part";
import { isRefusal, type Refusal, refuse, refuseUnknown } from "./refusal";

/** Prefix of defined metrics in queries. */
const DEFINED = "metric:";

/** Whether a query has defined metrics. */
export function hasDefinedMetrics({ metrics }: Pick<QueryInput, "metrics">): boolean {
  return metrics.some((name) => name.startsWith(DEFINED));
}

/** Resolves each metric of a query once. */
export function columnsOf(query: QueryInput): MetricColumn[] | Refusal {
  const definitions = new Definitions(query.define ?? {});
  const columns: MetricColumn[] = [];
  for (const [i, name] of query.metrics.entries()) {
    if (query.metrics.indexOf(name) !== i) continue;
    const resolved = name.startsWith(DEFINED)
      ? resolveDefined(definitions, name.slice(DEFINED.length), i)
      : resolvePlain(query, name, i);
    if (isRefusal(resolved)) return resolved;
    columns.push({ name, unit: unitOf(resolved), resolved });
  }
  return columns;
}

function resolvePlain(query: QueryInput, name: string, i: number): Resolved | Refusal {
  const dataset = datasetOf(query);
  if (isRefusal(dataset)) return dataset;
  const metric = findMetric(dataset, name);
  if (isUnknown(metric)) return refuseUnknown(metric, `metrics.${i}`);
  return { kind: "base", dataset, metric, filters: undefined };
}

function datasetOf({ dataset }: QueryInput): Dataset | Refusal {
  if (dataset === undefined) return refuse("dataset_required", "dataset", "`dataset` is missing");
  const found = findDataset(dataset);
  return isUnknown(found) ? refuseUnknown(found, "dataset") : found;
}

function resolveDefined(definitions: Definitions, name: string, i: number): Resolved | Refusal {
  const found = definitions.resolve(name);
  return "fault" in found ? refuseDefinition(found, `metrics.${i}`) : found;
}

function refuseDefinition({ metric, path, kind, fault, span }: DefinitionFault, requested: string): Refusal {
  const place = span ? placeWords(span) : "";
  const code = kind === "unknown" ? "unknown_name" : "definition_invalid";
  if (metric === null) return refuse(code, requested, fault);
  return refuse(code, `define.${metric}.${path}`, `${metric}: ${fault}${place}`);
}

/** The dataset metrics that columns are computed from, by dataset and filter. */
export function groupMetrics(columns: readonly MetricColumn[]): MetricGroup[] {
  const bases = new Set(columns.flatMap(({ resolved }) => basesOf(resolved)));
  const groups = Map.groupBy(bases, ({ dataset, filters }) =>
    JSON.stringify([dataset.name, filters ?? null]),
  );
  return [...groups.values()].map(([first, ...others]) => [first!, ...others] as const);
}
