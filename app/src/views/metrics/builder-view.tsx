/**
 * /projects/[id]/metrics/new and /projects/[id]/metrics/[metric].
 * @module
 */
import { createAsync, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { Metric } from "../../../../schema/wire/metric";
import { dataOf } from "../../client/http";
import { metricTemplates } from "../../client/metrics";
import { Icon } from "../../ui/icon";
import pageHeadStyles from "../../ui/page-head.module.css";
import { atLeast } from "../organizations/roles";
import { NotFound } from "../shell/breakage";
import { Builder } from "./builder";
import { describe } from "./describe";
import { draftOf } from "./draft";
import metricsViewStyles from "./metrics-view.module.css";
import { MetricsPage } from "./page";
import type { MetricsSetting } from "./setting";
import { Standing } from "./standing";
import { Beginnings, startOf } from "./start-from";

/** A new metric: first what to start from, then the builder. */
export function NewMetricView(): JSX.Element {
  const [search] = useSearchParams<{ from?: string }>();
  const found = createAsync(() => metricTemplates(), { deferStream: true });
  const templates = () => dataOf(found())?.data ?? [];
  return (
    <MetricsPage title="New metric">
      {(setting) => (
        <>
          <div class={pageHeadStyles.head}>
            <Back project={setting().project.id} />
            <h1>New metric</h1>
          </div>
          <Show
            when={atLeast(setting().role, "editor") && startOf(search.from, templates(), setting())}
            keyed
            fallback={
              <Show when={atLeast(setting().role, "editor")} fallback={<ForEditors />}>
                <Beginnings setting={setting()} templates={templates()} />
              </Show>
            }
          >
            {(start) => <Builder setting={setting()} draft={start.draft} needs={start.needs} />}
          </Show>
        </>
      )}
    </MetricsPage>
  );
}

function ForEditors(): JSX.Element {
  return <p class="soft">Editors of the organisation define metrics. Ask one of them.</p>;
}

/** A saved metric: its builder for editors, its definition for others, and where it is used. */
export function MetricView(): JSX.Element {
  const params = useParams<{ metric: string }>();
  const [said, setSaid] = createSignal<string>();
  return (
    <MetricsPage title="Metric">
      {(setting) => {
        const metric = createMemo(() => setting().metrics.find(({ id }) => id === params.metric));
        return (
          <Show when={metric()} fallback={<NotFound />}>
            {(shown) => (
              <>
                <div class={pageHeadStyles.head}>
                  <Back project={setting().project.id} />
                  <h1>
                    {shown().label}
                    <Show when={shown().verified}>
                      <span class={metricsViewStyles.verified} title="An admin vouches for this definition">
                        <Icon name="seal" size={16} />
                        Verified
                      </span>
                    </Show>
                  </h1>
                </div>
                <Show when={`${shown().id} ${shown().version}`} keyed>
                  <MetricBody
                    setting={setting()}
                    metric={shown()}
                    said={said()}
                    onSaved={() => setSaid("Saved")}
                  />
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

function MetricBody(props: {
  setting: MetricsSetting;
  metric: Metric;
  said: string | undefined;
  onSaved: () => void;
}): JSX.Element {
  return (
    <Show
      when={atLeast(props.setting.role, "editor")}
      fallback={
        <section class="panel blank">
          <p class={metricsViewStyles.rule}>{describe(props.metric.rule, props.setting.catalogue)}</p>
          <p class="soft">{props.metric.description}</p>
        </section>
      }
    >
      <Builder
        setting={props.setting}
        metric={props.metric}
        draft={draftOf(props.metric, props.metric.sharing)}
        needs={[]}
        said={props.said}
        onSaved={props.onSaved}
      />
    </Show>
  );
}

function Back(props: { project: string }): JSX.Element {
  return (
    <a class={pageHeadStyles.back} href={`/projects/${props.project}/metrics`}>
      <Icon name="left" size={16} />
      Metrics
    </a>
  );
}
