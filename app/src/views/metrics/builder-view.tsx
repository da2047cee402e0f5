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
import { StartFrom, startOf } from "./start-from";
import { UsageSection } from "./usage-section";

/** A new metric: the starting point, then the builder. */
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
                <StartFrom setting={setting()} templates={templates()} />
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
  return <p class="soft">Only editors of the organization can define metrics.</p>;
}

/** A saved metric: the builder for editors, the definition for others, and where it is used. */
export function MetricView(): JSX.Element {
  const params = useParams<{ metric: string }>();
  const [status, setStatus] = createSignal<string>();
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
                      <span class={metricsViewStyles.verified} title="Verified by an admin">
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
                    status={status()}
                    onSaved={() => setStatus("Saved")}
                  />
                </Show>
                <UsageSection metric={shown()} setting={setting()} />
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
  status: string | undefined;
  onSaved: () => void;
}): JSX.Element {
  return (
    <Show
      when={atLeast(props.setting.role, "editor")}
      fallback={
        <section class="panel blank">
          <p class={metricsViewStyles.rule}>{describe(props.metric.rule, props.setting.catalog)}</p>
          <p class="soft">{props.metric.description}</p>
        </section>
      }
    >
      <Builder
        setting={props.setting}
        metric={props.metric}
        draft={draftOf(props.metric, props.metric.sharing)}
        needs={[]}
        status={props.status}
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
