/**
 * Whether what somebody wants to keep can be asked: every name known, every formula sound.
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

/** Definitions are checked without a project: no name depends on one. */
const NOBODY: QueryContext = { project: "", timezone: "UTC", currency: "EUR", now: 0 };

/** What is known at the place where something is to be kept. */
export interface Known {
  /** Rules of the defined metrics that it may mention. */
  rules: Readonly<Record<string, MetricRule>>;
  /** Names of metrics that its maker has and the others do not see. */
  hidden: ReadonlySet<string>;
}

/** What a rule comes to, or what is wrong with it; paths begin with `rule`. */
export function checkRule(name: string, rule: MetricRule, known: Known): About | Fault[] {
  const hidden = mentionedIn(rule).find((one) => known.hidden.has(one));
  if (hidden) return [{ path: "rule.formula", code: "private", message: saysPrivate(hidden) }];
  const define = { ...known.rules, [name]: rule };
  const found = new Definitions(define).resolve(name);
  if ("fault" in found) return [faultOfRule(name, found)];
  const question = parse({ metrics: [`metric:${name}`], define }, NOBODY);
  if (!isRefusal(question)) return aboutRule(rule, found, known.rules);
  return faultsOf(question, (path) => path.replace(`define.${name}.`, "rule."));
}

/** A formula's fault says at which character. */
function faultOfRule(name: string, { metric, path, kind, fault, span }: DefinitionFault): Fault {
  const own = metric === name ? span : undefined;
  const place = own ? placeWords(own) : "";
  const about = metric === null || metric === name ? "" : `In ${metric}: `;
  const code = kind === "unknown" ? "unknown_name" : kind;
  return {
    path: metric === name ? `rule.${path}` : "rule.formula",
    code,
    message: about + fault + place,
    ...own,
  };
}

/** What is wrong with a dashboard; paths are of its content. */
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
    return [{ path: `${place}.metrics.${hidden}`, code: "private", message: saysPrivate(name) }];
  }
  const parsed = parse(withRules(question, known.rules), NOBODY);
  if (!isRefusal(parsed)) return [];
  return faultsOf(parsed, (path) => (isRangeShared && /^range\b/.test(path) ? path : `${place}.${path}`));
}

/** The dashboard's filters must be known to every dataset that its widgets ask. */
function checkFilters(
  { filters }: DashboardContent,
  questions: Record<string, Query>,
  known: Known,
): Fault[] {
  if (!filters) return [];
  const datasets = new Map(Object.values(questions).map((question) => [question.dataset, question]));
  const asked = datasets.size ? [...datasets.values()] : [{ dataset: "events", metrics: ["events"] }];
  return asked.flatMap(({ dataset, metrics }) => {
    const parsed = parse(withRules({ dataset, metrics: [...metrics], filters }, known.rules), NOBODY);
    if (!isRefusal(parsed)) return [];
    return faultsOf(parsed, (path) => path).filter(({ path }) => path.startsWith("filters"));
  });
}

function faultsOf({ code, detail, errors }: Refusal, rename: (path: string) => string): Fault[] {
  const found = errors ?? [{ path: "", code, message: detail ?? PROBLEMS[code][1] }];
  return found.map((fault) => ({ ...fault, path: rename(fault.path) }));
}

const saysPrivate = (name: string) =>
  `The metric ${name} is private: share it with the organisation first, or keep this private too`;
