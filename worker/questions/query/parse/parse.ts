/**
 * Checks a query: shape, names, values, range, and the rules of defined metrics.
 * @module
 */
import { type Query, querySchema } from "../../../../schema/wire/query";
import { fieldErrors } from "../../../lib/refusal";
import { MAX_NESTING, MAX_PARTS } from "../plan/limits";
import { columnsOf, groupMetrics, hasDefinedMetrics } from "./columns";
import type { ParsedQuery, QueryContext, QueryPart, QueryShape } from "./parsed-query";
import { type MetricGroup, parsePart, type QueryInput } from "./part";
import { isRefusal, type Refusal, refuse } from "./refusal";

/** Returns the checked query, or why it is refused. Reads nothing. */
export function parse(query: Query, context: QueryContext): ParsedQuery | Refusal {
  const input = inputOf(query);
  if (isRefusal(input)) return input;
  const columns = columnsOf(input);
  if (isRefusal(columns)) return columns;
  const groups = groupMetrics(columns);
  const hasDefined = hasDefinedMetrics(input);
  const [first, ...others] = groups;
  if (!first) return refuse("metric_has_no_data", "metrics", "The formula must use at least one metric");
  if (groups.length > MAX_PARTS) {
    const detail = `The metrics use ${groups.length} combinations of dataset and filter; at most ${MAX_PARTS} are allowed`;
    return refuse("too_many_parts", "metrics", detail);
  }
  const parsed = parsePart(input, first, context);
  if (isRefusal(parsed)) return hasDefined && columns.length > 1 ? explainPart(parsed, first) : parsed;
  const parts: QueryPart[] = [parsed.part];
  for (const group of others) {
    const next = parsePart(input, group, context);
    if (isRefusal(next)) return columns.length > 1 ? explainPart(next, group) : next;
    parts.push(next.part);
  }
  const partOf = new Map(groups.flatMap((bases, place) => bases.map((base) => [base, place] as const)));
  const { shape } = parsed;
  return refuseOrder(shape, columns) ?? { ...shape, columns, parts, partOf, hasDefined };
}

/** Checks the shape of a query and fills in the defaults. */
function inputOf(query: Query): QueryInput | Refusal {
  if (!isShallow(query)) {
    return refuse(
      "query_too_deep",
      "filters",
      `A query has at most ${MAX_NESTING} levels of objects and lists`,
    );
  }
  const parsed = querySchema.safeParse(query);
  if (parsed.success) return parsed.data;
  return { code: "query_invalid", detail: "The query is not valid", errors: fieldErrors(parsed.error) };
}

/** Whether a value has at most `MAX_NESTING` levels: what reads it recurses. */
function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_NESTING && level.length; depth++) {
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return level.length === 0;
}

/** Adds which of several metrics does not support the query's dimensions or filters. */
function explainPart(refusal: Refusal, [{ dataset, metric }]: MetricGroup): Refusal {
  const isShared = refusal.errors?.some(({ path }) => /^(dimensions|filters)\b/.test(path));
  if (!isShared) return refusal;
  const detail =
    `${refusal.detail}. \`${metric.name}\` is computed from \`${dataset.name}\`: ` +
    `remove it, or use dimensions and filters of \`${dataset.name}\``;
  return { ...refusal, detail };
}

/** Refuses to order by a name that is not a column. */
function refuseOrder(
  { orderBy, dimensions, grain }: QueryShape,
  metrics: readonly { name: string }[],
): Refusal | null {
  const known = [...metrics, ...dimensions].map(({ name }) => name);
  if (grain) known.push(`time:${grain}`);
  for (const [i, { name }] of orderBy.entries()) {
    if (known.includes(name)) continue;
    const detail = `\`${name}\` is not a column of this query; use one of ${known.join(", ")}`;
    return refuse("unknown_name", `order_by.${i}.name`, detail);
  }
  return null;
}
