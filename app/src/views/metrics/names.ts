/**
 * Names that a formula can use, and templates that it needs.
 * @module
 */
import type { MetricTemplate } from "../../../../schema/wire/metric";
import { describe } from "./describe";
import type { Name } from "./formula";
import type { MetricsSetting } from "./setting";

/** Metrics of datasets and defined metrics, without the edited one. */
export function namesOf(
  { catalog, metrics }: MetricsSetting,
  needs: readonly MetricTemplate[],
  own: string | undefined,
): Name[] {
  const defined = [...metrics, ...needs]
    .filter(({ name }) => name !== own)
    .map(({ name, label, rule }): Name => ({ name, label, about: describe(rule, catalog) }));
  const ofDatasets = catalog.datasets.flatMap((dataset) =>
    dataset.metrics.map(
      ({ name, label, description }): Name => ({
        name: `${dataset.name}.${name}`,
        label,
        about: description,
      }),
    ),
  );
  return [...defined, ...ofDatasets];
}

/** Returns the undefined templates that a template depends on, transitively; dependencies first. */
export function missingTemplates(
  template: Pick<MetricTemplate, "needs">,
  templates: readonly MetricTemplate[],
  defined: readonly { name: string }[],
): MetricTemplate[] {
  const known = new Set(defined.map(({ name }) => name));
  const found: MetricTemplate[] = [];
  const visit = ({ needs }: Pick<MetricTemplate, "needs">): void => {
    for (const name of needs) {
      const needed = templates.find((each) => each.name === name);
      if (!needed || known.has(name)) continue;
      known.add(name);
      visit(needed);
      found.push(needed);
    }
  };
  visit(template);
  return found;
}
