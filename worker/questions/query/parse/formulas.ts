/**
 * A query for defined metrics: one question for each dataset and filter that they rest on.
 * @module
 */
import type { Unit } from "../../../../schema/wire/metric";
import type { Query } from "../../../../schema/wire/query";
import {
  type BaseMetric,
  basesOf,
  type DefinitionFault,
  Definitions,
  findMetric,
  isUnknown,
  placeWords,
  type Resolved,
  unitOf,
} from "../../metrics";
import { checkFilter } from "./filter";
import {
  both,
  datasetOf,
  placed,
  type QueryContext,
  type Question,
  questionOf,
  refuseOrder,
  type ShapedQuery,
  shapeOf,
} from "./query";
import { isRefusal, type Refusal, refuse, refuseUnknown } from "./refusal";

/** How queries name defined metrics. */
const DEFINED = "metric:";
/** Questions that one query may come down to. */
const MAX_PARTS = 20;

/** A metric that the asker sees. */
export interface Column {
  name: string;
  unit: Unit;
  resolved: Resolved;
}

/** A query for defined metrics whose names are known. Everything but the dataset, metrics and filter as in a question. */
export interface Compound extends Omit<Question, "dataset" | "level" | "metrics" | "filter"> {
  columns: Column[];
  parts: Question[];
  /** The part that answers a metric of a dataset, as its place. */
  partOf: ReadonlyMap<BaseMetric, number>;
}

/** Whether a query asks for defined metrics. */
export function usesDefined({ metrics }: Query): boolean {
  return Array.isArray(metrics) && metrics.some((name) => String(name).startsWith(DEFINED));
}

export function parseCompound(query: Query, asker: QueryContext): Compound | Refusal {
  const asked = shapeOf(query);
  if (isRefusal(asked)) return asked;
  const columns = columnsOf(asked);
  if (isRefusal(columns)) return columns;
  const groups = groupsOf(columns);
  if (!groups.length) {
    return refuse("unprocessable", "metrics", "Nothing is counted: some formula has to mention a metric");
  }
  if (groups.length > MAX_PARTS) {
    const detail = `The metrics rest on ${groups.length} differently filtered counts; at most ${MAX_PARTS}`;
    return refuse("unprocessable", "metrics", detail);
  }
  const parts: Question[] = [];
  for (const group of groups) {
    const part = partOfGroup(asked, group, asker);
    if (isRefusal(part)) return columns.length > 1 ? explained(part, group) : part;
    parts.push(part);
  }
  const { metrics: _, dataset: __, filter: ___, level: ____, ...shape } = parts[0]!;
  const partOf = new Map(groups.flatMap(({ bases }, place) => bases.map((base) => [base, place] as const)));
  const compound = { ...shape, orderBy: asked.order_by ?? [], limit: asked.limit, columns, parts, partOf };
  return refuseOrder({ ...compound, metrics: columns }) ?? compound;
}

/** What each metric of the query comes to. */
function columnsOf(asked: ShapedQuery): Column[] | Refusal {
  const definitions = new Definitions(asked.define ?? {});
  const columns: Column[] = [];
  for (const [i, name] of asked.metrics.entries()) {
    if (asked.metrics.indexOf(name) !== i) continue;
    const resolved = name.startsWith(DEFINED)
      ? resolve(definitions, name.slice(DEFINED.length), i)
      : plain(asked, name, i);
    if (isRefusal(resolved)) return resolved;
    columns.push({ name, unit: unitOf(resolved), resolved });
  }
  return columns;
}

function plain(asked: ShapedQuery, name: string, i: number): Resolved | Refusal {
  const dataset = datasetOf(asked);
  if (isRefusal(dataset)) return dataset;
  const metric = findMetric(dataset, name);
  if (isUnknown(metric)) return refuseUnknown(metric, `metrics.${i}`);
  return { kind: "base", dataset, metric, filters: undefined };
}

function resolve(definitions: Definitions, name: string, i: number): Resolved | Refusal {
  const found = definitions.resolve(name);
  return "fault" in found ? refuseDefinition(found, `metrics.${i}`) : found;
}

function refuseDefinition({ metric, path, kind, fault, span }: DefinitionFault, asked: string): Refusal {
  const place = span ? placeWords(span) : "";
  const code = kind === "unknown" ? "unknown_name" : "unprocessable";
  if (metric === null) return refuse(code, asked, fault);
  return refuse(code, `define.${metric}.${path}`, `${metric}: ${fault}${place}`);
}

/** Metrics over the same rows of a dataset. */
interface Group {
  bases: BaseMetric[];
}

/** The metrics of datasets that columns rest on, by dataset and filter. */
function groupsOf(columns: readonly Column[]): Group[] {
  const bases = new Set(columns.flatMap(({ resolved }) => basesOf(resolved)));
  const groups = Map.groupBy(bases, ({ dataset, filters }) =>
    JSON.stringify([dataset.name, filters ?? null]),
  );
  return [...groups.values()].map((same) => ({ bases: same }));
}

/** The question for a group; its lines are neither ordered nor cut before they meet those of the others. */
function partOfGroup(asked: ShapedQuery, { bases }: Group, asker: QueryContext): Question | Refusal {
  const { dataset, filters, metric } = bases[0]!;
  const whole: ShapedQuery = { ...asked, order_by: undefined };
  const question = questionOf(whole, { dataset, metrics: bases.map((base) => base.metric) }, asker);
  if (isRefusal(question)) return question;
  const own = checkFilter(filters, dataset);
  if (own && isRefusal(own)) return inDefinition(own, metric.name);
  return placed({ ...question, limit: Number.POSITIVE_INFINITY, filter: both(question.filter, own) });
}

function inDefinition(refusal: Refusal, name: string): Refusal {
  const errors = refusal.errors?.map((error) => ({ ...error, path: `define.${name}.${error.path}` }));
  return { ...refusal, detail: `${name}: ${refusal.detail}`, errors };
}

/** Says which of several metrics the query's dimensions and filters do not go with. */
function explained(refusal: Refusal, { bases }: Group): Refusal {
  const isShared = refusal.errors?.some(({ path }) => /^(dimensions|filters)\b/.test(path));
  if (!isShared) return refusal;
  const { dataset, metric } = bases[0]!;
  const detail = `${refusal.detail}. ${metric.name} is counted over ${dataset.name}: leave it out, or what ${dataset.name} does not have`;
  return { ...refusal, detail };
}
