/**
 * Defined metrics and the metrics they use: formulas are resolved to metrics of datasets.
 * @module
 */
import type { MetricRule, Unit } from "../../../schema/wire/metric";
import { nearest } from "../../../schema/wire/nearest";
import { aggregateMetric, type BaseMetric, formatOf } from "./aggregation";
import type { Metric } from "./dataset";
import {
  type Expression,
  evaluateFormula,
  type Fault,
  faultAt,
  isFault,
  mentionsIn,
  namesIn,
  parseFormula,
  type Span,
  unitOfFormula,
} from "./formula";
import { DATASETS, findDataset, findMetric, isUnknown } from "./registry";

/** Longest chain of defined metrics that use each other. */
const MAX_CHAIN = 20;
/** Characters of a dataset's name, a dot, a metric's name. */
const LONGEST_NAME = 127;

/** A formula whose names are known. */
export interface FormulaMetric {
  kind: "formula";
  name: string;
  expression: Expression;
  names: ReadonlyMap<string, Resolved>;
  unit: Unit;
}
export type Resolved = BaseMetric | FormulaMetric;

/** Why a definition is refused. */
export interface DefinitionFault {
  /** The definition that is wrong; null when it is the requested name. */
  metric: string | null;
  path: "dataset" | "aggregation" | "field" | "formula" | "name";
  kind: Fault["kind"] | "rule";
  fault: string;
  /** The part of the formula that is wrong. */
  span?: Span;
}

type Resolution = Resolved | DefinitionFault;

/** Definitions by name; each is resolved once. */
export class Definitions {
  readonly #found = new Map<string, Resolution>();
  readonly #chain: string[] = [];

  constructor(readonly rules: Readonly<Record<string, MetricRule>>) {}

  /** Returns the resolved metric, or why it is refused. */
  resolve(name: string): Resolution {
    const known = this.#found.get(name);
    if (known) return known;
    const rule = Object.hasOwn(this.rules, name) ? this.rules[name] : undefined;
    if (!rule) return { metric: null, path: "name", kind: "unknown", fault: this.#unknown(name) };
    this.#chain.push(name);
    const found = rule.kind === "aggregate" ? this.#aggregate(name, rule) : this.#formula(name, rule.formula);
    this.#chain.pop();
    this.#found.set(name, found);
    return found;
  }

  #aggregate(name: string, rule: Extract<MetricRule, { kind: "aggregate" }>): Resolution {
    const found = aggregateMetric(name, rule);
    return "fault" in found ? { ...found, metric: name } : found;
  }

  #formula(name: string, text: string): Resolution {
    const refused = ({ at, end, kind, fault }: Fault): DefinitionFault => ({
      metric: name,
      path: "formula",
      kind,
      fault,
      span: { at, end },
    });
    const expression = parseFormula(text);
    if (isFault(expression)) return refused(expression);
    const names = new Map<string, Resolved>();
    for (const [mentioned, span] of mentionsIn(expression)) {
      const found = this.#named(mentioned, span);
      if (!("fault" in found)) names.set(mentioned, found);
      else return "metric" in found ? found : refused(found);
    }
    const unit = unitOfFormula(expression, (mentioned) => unitOf(names.get(mentioned)!));
    if (isFault(unit)) return refused(unit);
    return { kind: "formula", name, expression, names, unit: unit.unit === "number" ? "count" : unit.unit };
  }

  /** Resolves a name in a formula. */
  #named(name: string, span: Span): Resolution | Fault {
    const [left = "", right] = name.split(".");
    if (right === undefined) return this.#defined(left, span);
    const dataset = findDataset(left);
    const metric = isUnknown(dataset) ? dataset : findMetric(dataset, right);
    if (isUnknown(dataset) || isUnknown(metric)) return faultAt(span, "unknown", this.#unknown(name));
    return { kind: "base", dataset, metric, filters: undefined };
  }

  #defined(name: string, span: Span): Resolution | Fault {
    const start = this.#chain.indexOf(name);
    if (start >= 0) {
      const round = [...this.#chain.slice(start), name].join(" → ");
      return faultAt(span, "cycle", `\`${name}\` uses itself: ${round}`);
    }
    if (!Object.hasOwn(this.rules, name)) return faultAt(span, "unknown", this.#unknown(name));
    if (this.#chain.length >= MAX_CHAIN)
      return faultAt(span, "cycle", `More than ${MAX_CHAIN} metrics use each other`);
    return this.resolve(name);
  }

  #unknown(name: string): string {
    const ofDatasets = Object.values(DATASETS).flatMap((dataset) =>
      Object.keys(dataset.metrics).map((metric) => `${dataset.name}.${metric}`),
    );
    if (name.length > LONGEST_NAME) return `There is no metric \`${name.slice(0, LONGEST_NAME)}…\``;
    const whole = ofDatasets.find((known) => known.endsWith(`.${name}`));
    const meant = whole ?? nearest(name, [...Object.keys(this.rules), ...ofDatasets]);
    return `There is no metric \`${name}\`; did you mean \`${meant}\`?`;
  }
}

/** The unit of a metric. */
export function unitOf(resolved: Resolved): Unit {
  return resolved.kind === "base" ? resolved.metric.unit : resolved.unit;
}

/** The default format of a metric. */
export function formatOfResolved(resolved: Resolved): Metric["format"] {
  return resolved.kind === "base" ? resolved.metric.format : formatOf(resolved.unit);
}

/** The dataset metrics that a metric is computed from. */
export function basesOf(resolved: Resolved): BaseMetric[] {
  const bases = new Set<BaseMetric>();
  const seen = new Set<Resolved>();
  const visit = (one: Resolved): void => {
    if (seen.has(one)) return;
    seen.add(one);
    if (one.kind === "base") bases.add(one);
    else for (const below of one.names.values()) visit(below);
  };
  visit(resolved);
  return [...bases];
}

/**
 * Computes a metric from the values of dataset metrics. What several formulas use is computed once and stored in
 * `values`.
 */
export function resolvedValue(
  resolved: Resolved,
  ofBase: (base: BaseMetric) => number | null,
  values: Map<Resolved, number | null> = new Map(),
): number | null {
  const known = values.get(resolved);
  if (known !== undefined) return known;
  const value = resolved.kind === "base" ? ofBase(resolved) : formulaValue(resolved, ofBase, values);
  values.set(resolved, value);
  return value;
}

/** Names are computed first, so that a long chain of formulas does not nest on the stack. */
function formulaValue(
  { expression, names }: FormulaMetric,
  ofBase: (base: BaseMetric) => number | null,
  values: Map<Resolved, number | null>,
): number | null {
  for (const below of names.values()) resolvedValue(below, ofBase, values);
  return evaluateFormula(expression, (name) => values.get(names.get(name)!) ?? null);
}

/** Names of defined metrics that a rule uses. */
export function mentionedIn(rule: MetricRule): string[] {
  if (rule.kind === "aggregate") return [];
  const expression = parseFormula(rule.formula);
  return isFault(expression) ? [] : namesIn(expression).filter((name) => !name.includes("."));
}
