/**
 * The starting points of a new metric: an aggregate, a formula or a template.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { MetricTemplate } from "../../../../schema/wire/metric";
import { Icon } from "../../ui/icon";
import { describe } from "./describe";
import { BLANK, type Draft, draftOf } from "./draft";
import metricsViewStyles from "./metrics-view.module.css";
import { missingTemplates } from "./names";
import type { MetricsSetting } from "./setting";
import styles from "./start-from.module.css";

const STARTS: Record<string, Draft> = { blank: BLANK, formula: { ...BLANK, kind: "formula" } };

interface Start {
  draft: Draft;
  needs: MetricTemplate[];
}

/** Returns the draft of the `from` parameter; the same object for the same input, so that a reload keeps the form. */
const starts = new Map<string, Start>();
export function startOf(
  from: string | undefined,
  templates: MetricTemplate[],
  { metrics, project }: MetricsSetting,
) {
  if (from === undefined) return undefined;
  const key = `${project.id} ${from} ${templates.length} ${metrics.length}`;
  const known = starts.get(key);
  if (known && !import.meta.env.SSR) return known;
  const template = templates.find(({ name }) => name === from);
  const blank = STARTS[from];
  const start = template
    ? { draft: unusedName(draftOf(template), metrics), needs: missingTemplates(template, templates, metrics) }
    : blank && { draft: blank, needs: [] };
  if (start && !import.meta.env.SSR) starts.set(key, start);
  return start;
}

/** The template's name may already be in use. */
function unusedName(draft: Draft, metrics: readonly { name: string }[]): Draft {
  const isTaken = metrics.some(({ name }) => name === draft.name);
  return isTaken ? { ...draft, name: `${draft.name}_2` } : draft;
}

/** The starting points as links. */
export function StartFrom(props: { setting: MetricsSetting; templates: MetricTemplate[] }): JSX.Element {
  return (
    <>
      <ul class={styles.list}>
        <li class={`panel ${styles.option}`}>
          <Icon name="chart" />
          <h2>
            <a href="?from=blank">Aggregate</a>
          </h2>
          <p class="soft">Count, sum, average or percentile of a field, with filters.</p>
        </li>
        <li class={`panel ${styles.option}`}>
          <Icon name="formula" />
          <h2>
            <a href="?from=formula">Formula</a>
          </h2>
          <p class="soft">A calculation on metrics, such as sign-ups per visitor or revenue per order.</p>
        </li>
      </ul>
      <Show when={props.templates.length > 0}>
        <h2>Templates</h2>
        <ul class="panel metric-list">
          <For each={props.templates}>
            {(template) => (
              <li class={`${metricsViewStyles.line} ${metricsViewStyles.template}`}>
                <div class={metricsViewStyles.what}>
                  <h3>
                    <a href={`?from=${template.name}`}>{template.label}</a>
                  </h3>
                  <p
                    class={
                      template.rule.kind === "formula"
                        ? `${metricsViewStyles.rule} ${metricsViewStyles.formula}`
                        : metricsViewStyles.rule
                    }
                  >
                    {describe(template.rule, props.setting.catalog)}
                  </p>
                </div>
                <p class="soft small">{template.description}</p>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}
