/**
 * A draft's numbers: what is asked, and what the answers say. The same queries as a widget's, with the rule inside.
 * @module
 */
import { query } from "@solidjs/router";
import type { Problem } from "../../../../schema/wire/error";
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { queryBatch } from "../../client/analytics";
import { checkMetric } from "../../client/metrics";
import type { Stretch } from "./formula";

/** Stands for a draft without a name of its own; formulas cannot mention it, as a name begins with a letter. */
const UNNAMED = "this_metric";

/** Rules by name. */
type Rules = Record<string, MetricRule>;

/** What is asked of a rule: its value over 30 days, compared, and a value a day. `besides` are rules it rests on that are not saved. */
function previewQueries(name: string, rule: MetricRule, besides: Rules): Record<"total" | "days", Query> {
  const own = name || UNNAMED;
  const asked = {
    metrics: [`metric:${own}`],
    define: { ...besides, [own]: rule },
    range: "30d",
    compare: "previous",
  } satisfies Partial<Query>;
  return {
    total: asked,
    days: { ...asked, granularity: "day", dimensions: ["time:day"], limit: 100 },
  };
}

export interface Preview {
  total: QueryResult;
  days: QueryResult;
}

/** What is wrong with a rule, and where. */
export interface Wrong {
  /** `formula`, `field`, `filters.0`; empty for the rule as a whole. */
  path: string;
  message: string;
  /** In the formula's text. */
  place?: Stretch;
}

/** What became of asking a draft: numbers, faults that its maker can mend, or a problem that they cannot. */
export type Asked =
  | { kind: "numbers"; preview: Preview }
  | { kind: "wrong"; faults: Wrong[] }
  | { kind: "problem"; problem: Problem };

/** Asks for a rule's numbers; when it is refused, says what is wrong and where. Cached by what was asked. */
export const askDraft = query(
  async (project: string, name: string, ruleText: string, besidesText: string) => {
    const rule: MetricRule = JSON.parse(ruleText);
    const besides: Rules = JSON.parse(besidesText);
    const asked = await queryBatch(project, previewQueries(name, rule, besides));
    const found = asked.ok ? numbersOf(asked.data) : refused(asked.problem);
    if (found.kind !== "wrong" || Object.keys(besides).length > 0) return found;
    const own = name || UNNAMED;
    const checked = await checkMetric(project, { name: own, label: own, description: "", good: null, rule });
    return checked.ok && checked.data.errors.length > 0
      ? { kind: "wrong" as const, faults: wrongsOf(checked.data.errors) }
      : found;
  },
  "metric-preview",
);

function numbersOf({ total, days }: Record<"total" | "days", QueryResult | Problem>): Asked {
  if (!("rows" in total)) return refused(total);
  if (!("rows" in days)) return refused(days);
  return { kind: "numbers", preview: { total, days } };
}

/** Refusals that are about the rule: its maker can mend them. */
const MENDABLE = ["invalid_request", "unprocessable", "unknown_name", "budget_exceeded"];

function refused(problem: Problem): Asked {
  if (!MENDABLE.includes(problem.code)) return { kind: "problem", problem };
  const said = problem.errors ?? [{ path: "", message: problem.detail ?? problem.title }];
  return { kind: "wrong", faults: wrongsOf(said) };
}

/** Errors about a rule, by the form's own fields. */
export function wrongsOf(errors: readonly { path: string; message: string }[]): Wrong[] {
  return errors.map(({ path, message }) => ({
    ...placed(message.replace(/^this_metric: /, "")),
    path: path.replace(/^(queries\.\w+\.)?(define\.\w+\.|rule\.?)?/, ""),
  }));
}

const CHARACTER = / \(characters? (\d+)(?:[–-](\d+))?(?: of the formula)?\)/;

/** A message without the place that it names, and the place: characters count from 1, an end is the last one. */
function placed(message: string): Pick<Wrong, "message" | "place"> {
  const found = message.match(CHARACTER);
  const text = message.replace(CHARACTER, "");
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  if (!found) return { message: sentence };
  const from = Number(found[1]) - 1;
  return { message: sentence, place: { from, to: Number(found[2] ?? found[1]) } };
}

/** `did you mean events.visitors?` as the name that it proposes. */
export function proposed(message: string): string | undefined {
  return message.match(/did you mean ([A-Za-z_][\w.:$-]*)\?/)?.[1];
}
