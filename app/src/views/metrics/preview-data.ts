/**
 * Loads the preview of a draft with the same queries as a widget, with the rule inline.
 * @module
 */
import { query } from "@solidjs/router";
import type { Problem } from "../../../../schema/wire/error";
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { queryBatch } from "../../client/analytics";
import { checkMetric } from "../../client/metrics";
import type { TextRange } from "./formula";

/** Name of an unnamed draft; formulas cannot use it, because names start with a letter. */
const UNNAMED = "this_metric";

/** Rules by name. */
type Rules = Record<string, MetricRule>;

/** Queries for the total of 30 days with its comparison, and for daily values. `besides` are unsaved rules it depends on. */
function previewQueries(name: string, rule: MetricRule, besides: Rules): Record<"total" | "days", Query> {
  const own = name || UNNAMED;
  const base = {
    metrics: [`metric:${own}`],
    define: { ...besides, [own]: rule },
    range: "30d",
    compare: "previous",
  } satisfies Partial<Query>;
  return {
    total: base,
    days: { ...base, granularity: "day", dimensions: ["time:day"], limit: 100 },
  };
}

export interface Preview {
  total: QueryResult;
  days: QueryResult;
}

/** An error of a rule and its location. */
export interface Wrong {
  /** `formula`, `field`, `filters.0`; empty for the rule as a whole. */
  path: string;
  message: string;
  /** Position in the formula. */
  place?: TextRange;
}

/** Result of a preview: numbers, faults in the rule, or another problem. */
export type DraftResult =
  | { kind: "numbers"; preview: Preview }
  | { kind: "wrong"; faults: Wrong[] }
  | { kind: "problem"; problem: Problem };

/** Queries the numbers of a rule; errors carry their location. Cached by arguments. */
export const queryDraft = query(
  async (project: string, name: string, ruleText: string, besidesText: string) => {
    const rule: MetricRule = JSON.parse(ruleText);
    const besides: Rules = JSON.parse(besidesText);
    const answer = await queryBatch(project, previewQueries(name, rule, besides));
    const found = answer.ok ? numbersOf(answer.data) : refused(answer.problem);
    if (found.kind !== "wrong" || Object.keys(besides).length > 0) return found;
    const own = name || UNNAMED;
    const checked = await checkMetric(project, { name: own, label: own, description: "", good: null, rule });
    return checked.ok && checked.data.errors.length > 0
      ? { kind: "wrong" as const, faults: faultsOf(checked.data.errors) }
      : found;
  },
  "metric-preview",
);

function numbersOf({ total, days }: Record<"total" | "days", QueryResult | Problem>): DraftResult {
  if (!("rows" in total)) return refused(total);
  if (!("rows" in days)) return refused(days);
  return { kind: "numbers", preview: { total, days } };
}

function refused(problem: Problem): DraftResult {
  // Problems with these statuses are caused by the rule.
  if (problem.status !== 400 && problem.status !== 422) return { kind: "problem", problem };
  const errors = problem.errors ?? [{ path: "", message: problem.detail ?? problem.title }];
  return { kind: "wrong", faults: faultsOf(errors) };
}

/** Errors of a rule by form field. */
export function faultsOf(errors: readonly { path: string; message: string }[]): Wrong[] {
  return errors.map(({ path, message }) => ({
    ...placed(message.replace(/^this_metric: /, "")),
    path: path.replace(/^(queries\.\w+\.)?(define\.\w+\.|rule\.?)?/, ""),
  }));
}

const CHARACTER = / \(characters? (\d+)(?:[–-](\d+))?(?: of the formula)?\)/;

/** Splits the position off a message: characters count from 1, the end is inclusive. */
function placed(message: string): Pick<Wrong, "message" | "place"> {
  const found = message.match(CHARACTER);
  const text = message.replace(CHARACTER, "");
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  if (!found) return { message: sentence };
  const from = Number(found[1]) - 1;
  return { message: sentence, place: { from, to: Number(found[2] ?? found[1]) } };
}

/** Returns the name suggested by `did you mean events.visitors?`. */
export function proposed(message: string): string | undefined {
  return message.match(/did you mean `?([A-Za-z_][\w.:$-]*)`?\?/)?.[1];
}
