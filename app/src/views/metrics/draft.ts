/**
 * A metric while it is being made: what the form holds, and the definition it amounts to.
 * @module
 */
import type { Condition, Filter } from "../../../../schema/wire/filter";
import type {
  Aggregation,
  MetricDefinition,
  MetricRule,
  Sharing,
  Unit,
} from "../../../../schema/wire/metric";
import { conditionsOf } from "../../query-state";

export type MetricFormat = NonNullable<MetricDefinition["format"]>;

/** Everything the builder asks, also what the other kind of rule would need: switching loses nothing. */
export interface Draft {
  label: string;
  name: string;
  /** True once somebody wrote the name: until then it follows the label. */
  isNamed: boolean;
  description: string;
  kind: MetricRule["kind"];
  dataset: string;
  aggregation: Aggregation;
  /** Empty: rows are counted. */
  field: string;
  filters: Condition[];
  /** A combination that came from a file and the form cannot show; kept as it is. */
  filterTree: Filter | null;
  /** Of the field's values; null lets the server say. */
  unit: Unit | null;
  formula: string;
  format: MetricFormat | null;
  good: MetricDefinition["good"];
  sharing: Sharing;
}

export const BLANK: Draft = {
  label: "",
  name: "",
  isNamed: false,
  description: "",
  kind: "aggregate",
  dataset: "events",
  aggregation: "count",
  field: "",
  filters: [],
  filterTree: null,
  unit: null,
  formula: "",
  format: null,
  good: "up",
  sharing: "organization",
};

/** Longest name that a metric may have. */
const NAME_LENGTH = 63;

/** A label as a name for formulas: `Sign-up rate` is `sign_up_rate`. Empty when nothing of it can stand in a name. */
export function nameOf(label: string): string {
  return label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, NAME_LENGTH)
    .replace(/_+$/, "");
}

/** Only `count` does without a field. */
export const needsField = (aggregation: Aggregation): boolean => aggregation !== "count";
/** Aggregations of numbers, whose answer has the unit of the field. */
export const keepsUnit = (aggregation: Aggregation): boolean =>
  aggregation !== "count" && aggregation !== "unique";

/** The rule that a draft amounts to. */
export function ruleOf(draft: Draft): MetricRule {
  if (draft.kind === "formula") return { kind: "formula", formula: draft.formula.trim() };
  const all: Filter[] = [...(draft.filterTree ? [draft.filterTree] : []), ...draft.filters];
  const isRows = !needsField(draft.aggregation) && draft.field === "";
  return {
    kind: "aggregate",
    dataset: draft.dataset,
    aggregation: draft.aggregation,
    ...(isRows ? {} : { field: draft.field }),
    ...(all.length === 0 ? {} : { filters: all.length === 1 ? all[0] : { and: all } }),
    ...(draft.unit && keepsUnit(draft.aggregation) ? { unit: draft.unit } : {}),
  };
}

/** What would be saved. */
export function definitionOf(draft: Draft): MetricDefinition {
  return {
    name: draft.name,
    label: draft.label.trim(),
    description: draft.description.trim(),
    rule: ruleOf(draft),
    ...(draft.format ? { format: draft.format } : {}),
    good: draft.good,
  };
}

/** The form for a definition, from a template, a saved metric or a file. */
export function draftOf(definition: MetricDefinition, sharing: Sharing = "organization"): Draft {
  const { rule } = definition;
  const base: Draft = {
    ...BLANK,
    label: definition.label,
    name: definition.name,
    isNamed: true,
    description: definition.description,
    format: definition.format ?? null,
    good: definition.good,
    sharing,
  };
  if (rule.kind === "formula") return { ...base, kind: "formula", formula: rule.formula };
  const conditions = conditionsOf(rule.filters);
  return {
    ...base,
    kind: "aggregate",
    dataset: rule.dataset,
    aggregation: rule.aggregation,
    field: rule.field ?? "",
    filters: conditions ?? [],
    filterTree: conditions === null ? (rule.filters ?? null) : null,
    unit: rule.unit ?? null,
  };
}

/** True when there is enough to ask for numbers. */
export function isAskable(draft: Draft): boolean {
  if (draft.kind === "formula") return draft.formula.trim() !== "";
  return !needsField(draft.aggregation) || draft.field !== "";
}

/** Why it cannot be saved yet, as a sentence; undefined when it can. */
export function missing(draft: Draft): string | undefined {
  if (!isAskable(draft))
    return draft.kind === "formula" ? "Write a formula first." : "Choose the field to calculate with.";
  if (!draft.label.trim()) return "Give it a name that people will recognise.";
  if (!/^[a-z][a-z0-9_]*$/.test(draft.name))
    return "The name for formulas takes small letters, digits and _, beginning with a letter.";
  return undefined;
}
