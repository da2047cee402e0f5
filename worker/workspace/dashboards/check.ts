/**
 * Checks content before it is stored: every name is known and every formula is valid.
 * @module
 */
import type { DashboardContent } from "../../../schema/wire/dashboard";
import { PROBLEMS } from "../../../schema/wire/error";
import type { MetricRule } from "../../../schema/wire/metric";
import type { Query } from "../../../schema/wire/query";
import { isRefusal, type Refusal } from "../../lib/refusal";
import {
  type About,
  aboutRule,
  type DefinitionFault,
  Definitions,
  mentionedIn,
  placeWords,
} from "../../questions/metrics";
import { parse, type QueryContext } from "../../questions/query";
import { definedIn, questionsOf, withRules } from "./questions";
import type { Fault } from "./refusal";

/** Definitions are checked without a project, because no name depends on one. */
const NO_PROJECT: QueryContext = { project: "", timezone: "UTC", currency: "EUR", now: 0 };

/** The metrics that content may use. */
export interface Known {
  /** Rules of the defined metrics that it may use. */
  rules: Readonly<Record<string, MetricRule>>;
  /** Names of private metrics of its author, which others do not see. */
  hidden: ReadonlySet<string>;
}

/** Returns what a rule computes, or its faults; paths begin with `rule`. */
export function checkRule(name: string, rule: MetricRule, known: Known): About | Fault[] {
  const hidden = mentionedIn(rule).find((one) => known.hidden.has(one));
  if (hidden) return [{ path: "rule.formula", code: "metric_private", message: privateMessage(hidden) }];
  const define = { ...known.rules, [name]: rule };
  const found = new Definitions(define).resolve(name);
  if ("fault" in found) return [faultOfRule(name, found)];
  const question = parse({ metrics: [`metric:${name}`], define }, NO_PROJECT);
  if (!isRefusal(question)) return aboutRule(rule, found, known.rules);
  return faultsOf(question, (path) => path.replace(`define.${name}.`, "rule."));
}

/** Adds the characters of a formula's error to its message. */
function faultOfRule(name: string, { metric, path, kind, fault, span }: DefinitionFault): Fault {
  const own = metric === name ? span : undefined;
  const place = own ? placeWords(own) : "";
  const about = metric === null || metric === name ? "" : `In ${metric}: `;
  const code = kind === "unknown" ? "unknown_name" : `definition_${kind}`;
  return {
    path: metric === name ? `rule.${path}` : "rule.formula",
    code,
    message: about + fault + place,
    ...own,
  };
}

/** Returns the faults of a dashboard; paths are those of its content. */
export function checkDashboard(content: DashboardContent, known: Known): Fault[] {
  const questions = questionsOf(content, { ...content, filters: undefined });
  const faults = content.widgets.flatMap(({ id, query }, i) => {
    const question = questions[id];
    return query && question
      ? checkWidget(question, `widgets.${i}.query`, query.range === undefined, known)
      : [];
  });
  return [...checkFilters(content, questions, known), ...faults];
}

function checkWidget(question: Query, place: string, isRangeShared: boolean, known: Known): Fault[] {
  const hidden = question.metrics.findIndex((name) => definedIn([name]).some((one) => known.hidden.has(one)));
  if (hidden >= 0) {
    const [name = ""] = definedIn([question.metrics[hidden] ?? ""]);
    return [{ path: `${place}.metrics.${hidden}`, code: "metric_private", message: privateMessage(name) }];
  }
  const parsed = parse(withRules(question, known.rules), NO_PROJECT);
  if (!isRefusal(parsed)) return [];
  return faultsOf(parsed, (path) => (isRangeShared && /^range\b/.test(path) ? path : `${place}.${path}`));
}

/** The dashboard's filters must be valid for every dataset that its widgets use. */
function checkFilters(
  { filters }: DashboardContent,
  questions: Record<string, Query>,
  known: Known,
): Fault[] {
  if (!filters) return [];
  const datasets = new Map(Object.values(questions).map((question) => [question.dataset, question]));
  const queries = datasets.size ? [...datasets.values()] : [{ dataset: "events", metrics: ["events"] }];
  return queries.flatMap(({ dataset, metrics }) => {
    const parsed = parse(withRules({ dataset, metrics: [...metrics], filters }, known.rules), NO_PROJECT);
    if (!isRefusal(parsed)) return [];
    return faultsOf(parsed, (path) => path).filter(({ path }) => path.startsWith("filters"));
  });
}

function faultsOf({ code, detail, errors }: Refusal, rename: (path: string) => string): Fault[] {
  const found = errors ?? [{ path: "", code, message: detail ?? PROBLEMS[code][1] }];
  return found.map((fault) => ({ ...fault, path: rename(fault.path) }));
}

const privateMessage = (name: string) =>
  `The metric \`${name}\` is private: share it with the organization first, or make this private too`;
