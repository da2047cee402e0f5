/**
 * /projects/[id]/metrics/new and /projects/[id]/metrics/[metric].
 * @module
 */
import { createAsync, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import type { Metric, MetricTemplate } from "../../../../schema/wire/metric";
import { metricTemplates } from "../../client/metrics";
import { Icon } from "../../ui/icon";
import { NotFound } from "../shell/breakage";
import { Builder } from "./builder";
import { describe } from "./describe";
import { BLANK, type Draft, draftOf } from "./draft";
import { lacking } from "./names";
import { MetricsPage } from "./page";
import { atLeast, type MetricsSetting } from "./setting";
import { Standing } from "./standing";

const BEGINNINGS: Record<string, Draft> = { blank: BLANK, formula: { ...BLANK, kind: "formula" } };

/** A new metric: first what to start from, then the builder. */
export function NewMetricView(): JSX.Element {
  const [search] = useSearchParams<{ from?: string }>();
  const found = createAsync(() => metricTemplates(), { deferStream: true });
  const templates = () => {
    const result = found();
    return result?.ok ? result.data.data : [];
  };
  return (
    <MetricsPage title="New metric">
      {(setting) => (
        <>
          <div class="page-head">
            <Back project={setting().project.id} />
            <h1>New metric</h1>
          </div>
          <Show
            when={startOf(search.from, templates(), setting())}
            keyed
            fallback={<Beginnings setting={setting()} templates={templates()} />}
          >
            {(start) => <Builder setting={setting()} draft={start.draft} needs={start.needs} />}
          </Show>
        </>
      )}
    </MetricsPage>
  );
}

interface Start {
  draft: Draft;
  needs: MetricTemplate[];
}

/** What the address says to start from. The same object while nothing else is said: a renewal must not empty the form. */
const starts = new Map<string, Start>();
function startOf(
  from: string | undefined,
  templates: MetricTemplate[],
  { metrics, project }: MetricsSetting,
) {
  if (from === undefined) return undefined;
  const key = `${project.id} ${from} ${templates.length}`;
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

function Beginnings(props: { setting: MetricsSetting; templates: MetricTemplate[] }): JSX.Element {
  return (
    <>
      <ul class="beginnings">
        <li class="panel beginning">
          <Icon name="chart" />
          <h2>
            <a href="?from=blank">Count and calculate</a>
          </h2>
          <p class="soft">
            A count, sum, average or percentile of a field, of the rows that your filters keep.
          </p>
        </li>
        <li class="panel beginning">
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
              <li class="metric-line template-line">
                <div class="metric-what">
                  <h3>
                    <a href={`?from=${template.name}`}>{template.label}</a>
                  </h3>
                  <p classList={{ "metric-rule": true, formula: template.rule.kind === "formula" }}>
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

/** A saved metric: its builder for editors, its definition for others, and where it is used. */
export function MetricView(): JSX.Element {
  const params = useParams<{ metric: string }>();
  return (
    <MetricsPage title="Metric">
      {(setting) => {
        const metric = createMemo(() => setting().metrics.find(({ id }) => id === params.metric));
        return (
          <Show when={metric()} fallback={<NotFound />}>
            {(shown) => (
              <>
                <div class="page-head">
                  <Back project={setting().project.id} />
                  <h1>
                    {shown().label}
                    <Show when={shown().verified}>
                      <span class="verified" title="An admin vouches for this definition">
                        <Icon name="seal" size={16} />
                        Verified
                      </span>
                    </Show>
                  </h1>
                </div>
                <Show when={`${shown().id} ${shown().version}`} keyed>
                  <MetricBody setting={setting()} metric={shown()} />
                </Show>
                <Standing metric={shown()} setting={setting()} />
              </>
            )}
          </Show>
        );
      }}
    </MetricsPage>
  );
}

function MetricBody(props: { setting: MetricsSetting; metric: Metric }): JSX.Element {
  return (
    <Show
      when={atLeast(props.setting.role, "editor")}
      fallback={
        <section class="panel blank">
          <p class="metric-rule">{describe(props.metric.rule, props.setting.catalogue)}</p>
          <p class="soft">{props.metric.description}</p>
        </section>
      }
    >
      <Builder
        setting={props.setting}
        metric={props.metric}
        draft={draftOf(props.metric, props.metric.sharing)}
        needs={[]}
      />
    </Show>
  );
}

function Back(props: { project: string }): JSX.Element {
  return (
    <a class="back" href={`/projects/${props.project}/metrics`}>
      <Icon name="left" size={16} />
      Metrics
    </a>
  );
}
