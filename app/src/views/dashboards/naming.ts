/**
 * Labels, units and formats of metrics and dimensions: from the catalog and the defined metrics, otherwise derived from the
 * name.
 * @module
 */
import type { Metric } from "../../../../schema/wire/metric";
import type { Catalog } from "../../../../worker/questions/metrics";
import type { Written } from "../../ui/write";
import { dimensionLabel, FILTERABLE } from "../explore/cards";
import { METRICS } from "../explore/metrics";

/** Prefix of a defined metric. */
export const DEFINED = "metric:";

/** How a metric is displayed. */
export interface Measure extends Required<Written> {
  name: string;
  label: string;
  /** Which direction is better; undefined when neutral. */
  better: "up" | "down" | undefined;
  description: string;
}

export interface Naming {
  /** `unit` of the result's column takes precedence. */
  measure: (name: string, unit?: string) => Measure;
  dimension: (name: string) => string;
}

function fromName(name: string): string {
  const words = name
    .replace(/^[a-z]+:/, "")
    .replace(/_ms$/, "")
    .replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const unknown = (name: string): Measure => ({
  name,
  label: Object.hasOwn(METRICS, name) ? METRICS[name as keyof typeof METRICS].label : fromName(name),
  unit: name.endsWith("_ms") ? "ms" : "count",
  decimal: false,
  better: undefined,
  description: "",
});

/** Builds labels; catalog and metrics are both missing on a public page. */
export function namingOf(catalog: Catalog | undefined, defined: readonly Metric[]): Naming {
  const measures = new Map<string, Measure>();
  const dimensions = new Map<string, string>();
  for (const dataset of catalog?.datasets ?? []) {
    for (const { name, label, unit, format, good, description } of dataset.metrics) {
      const decimal = unit === "ratio" && format === "decimal";
      measures.set(name, { name, label, unit, decimal, better: good ?? undefined, description });
    }
    for (const { name, label } of dataset.dimensions) dimensions.set(name, label);
  }
  for (const { name: bare, label, unit, format, good, description } of defined) {
    const name = DEFINED + bare;
    const decimal = unit === "ratio" && format !== undefined && format !== "percent";
    measures.set(name, { name, label, unit, decimal, better: good ?? undefined, description });
  }
  return {
    measure(name, unit) {
      const known = measures.get(name) ?? unknown(name);
      return unit === undefined || unit === known.unit ? known : { ...known, unit };
    },
    dimension(name) {
      if (FILTERABLE.includes(name) || !dimensions.has(name)) return dimensionLabel(name);
      return dimensions.get(name) ?? dimensionLabel(name);
    },
  };
}
