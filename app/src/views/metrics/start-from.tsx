/**
 * What a new metric can start from: nothing, a formula, or a template.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { MetricTemplate } from "../../../../schema/wire/metric";
import { Icon } from "../../ui/icon";
import { describe } from "./describe";
import { BLANK, type Draft, draftOf } from "./draft";
import metricsViewStyles from "./metrics-view.module.css";
import { lacking } from "./names";
import type { MetricsSetting } from "./setting";
import styles from "./start-from.module.css";

const BEGINNINGS: Record<string, Draft> = { blank: BLANK, formula: { ...BLANK, kind: "formula" } };

interface Start {
  draft: Draft;
  needs: MetricTemplate[];
}

/** What the address says to start from. The same object while nothing else is said: a renewal must not empty the form. */
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
  const blank = BEGINNINGS[from];
  const start = template
    ? { draft: unusedName(draftOf(template), metrics), needs: lacking(template, templates, metrics) }
    : blank && { draft: blank, needs: [] };
  if (start && !import.meta.env.SSR) starts.set(key, start);
  return start;
}

/** A template's own name may be taken already. */
function unusedName(draft: Draft, metrics: readonly { name: string }[]): Draft {
  const isTaken = metrics.some(({ name }) => name === draft.name);
  return isTaken ? { ...draft, name: `${draft.name}_2` } : draft;
}

/** The choices, each a link. */
export function Beginnings(props: { setting: MetricsSetting; templates: MetricTemplate[] }): JSX.Element {
  return (
    <>
      <ul class={styles.list}>
        <li class={`panel ${styles.option}`}>
          <Icon name="chart" />
          <h2>
            <a href="?from=blank">Count and calculate</a>
          </h2>
          <p class="soft">
            A count, sum, average or percentile of a field, of the rows that your filters keep.
          </p>
        </li>
        <li class={`panel ${styles.option}`}>
          <Icon name="formula" />
          <h2>
            <a href="?from=formula">Formula of metrics</a>
          </h2>
          <p class="soft">
            Metrics added, subtracted, multiplied or divided: sign-ups per visitor, revenue per order.
          </p>
        </li>
      </ul>
      <Show when={props.templates.length > 0}>
        <h2>Or start from a template</h2>
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
                    {describe(template.rule, props.setting.catalogue)}
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
