/**
 * The form state of the metric builder, and the definition made from it.
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

/** Fields of both kinds of rules, so that switching the kind loses nothing. */
export interface Draft {
  label: string;
  name: string;
  /** True when the name was edited; until then it follows the label. */
  isNamed: boolean;
  description: string;
  kind: MetricRule["kind"];
  dataset: string;
  aggregation: Aggregation;
  /** Empty to count rows. */
  field: string;
  filters: Condition[];
  /** A nested filter that the form cannot show; stays unchanged. */
  filterTree: Filter | null;
  /** Unit of the field's values; null to let the server decide. */
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

/** Maximum length of a name. */
const NAME_LENGTH = 63;

/** Converts a label to a name for formulas: `Sign-up rate` → `sign_up_rate`. Empty when no character is allowed in a name. */
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

/** Whether the aggregation requires a field. */
export const needsField = (aggregation: Aggregation): boolean => aggregation !== "count";
/** Whether the result has the unit of the field. */
export const keepsUnit = (aggregation: Aggregation): boolean =>
  aggregation !== "count" && aggregation !== "unique";

/** Returns the rule of a draft. */
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

/** Returns the definition to save. */
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

/** Returns the form state of a definition. */
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

/** Whether the rule is complete enough to query. */
export function isComplete(draft: Draft): boolean {
  if (draft.kind === "formula") return draft.formula.trim() !== "";
  return !needsField(draft.aggregation) || draft.field !== "";
}

/** Returns why the draft cannot be saved; undefined when it can. */
export function missing(draft: Draft): string | undefined {
  if (!isComplete(draft)) return draft.kind === "formula" ? "Enter a formula." : "Select a field.";
  if (!draft.label.trim()) return "Enter a label.";
  if (!/^[a-z][a-z0-9_]*$/.test(draft.name))
    return "The name must start with a lowercase letter and contain only lowercase letters, digits and _.";
  return undefined;
}
