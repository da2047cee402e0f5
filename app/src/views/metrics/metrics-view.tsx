/**
 * /projects/[id]/metrics: the metrics of the organization.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, onMount, Show, Suspense } from "solid-js";
import type { Metric } from "../../../../schema/wire/metric";
import { dataOf } from "../../client/http";
import { metricUses } from "../../client/metrics";
import { ButtonLink } from "../../ui/button";
import { ago, counted } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import pageHeadStyles from "../../ui/page-head.module.css";
import { atLeast } from "../organizations/roles";
import { describe } from "./describe";
import { unitLabel } from "./labels";
import styles from "./metrics-view.module.css";
import { MetricsPage } from "./page";
import type { MetricsSetting } from "./setting";

/** The list of metrics. */
export function MetricsView(): JSX.Element {
  return (
    <MetricsPage title="Metrics">
      {(setting) => (
        <>
          <div class={pageHeadStyles.head}>
            <h1>Metrics</h1>
            <p class="soft">
              Metrics of your organization, defined once and used in dashboards and formulas.
            </p>
            <Show when={setting().metrics.length > 0 && atLeast(setting().role, "editor")}>
              <ButtonLink kind="main" href={`/projects/${setting().project.id}/metrics/new`}>
                <Icon name="plus" size={18} />
                New metric
              </ButtonLink>
            </Show>
          </div>
          <Show when={setting().metrics.length > 0} fallback={<NoMetrics setting={setting()} />}>
            <MetricList setting={setting()} />
          </Show>
        </>
      )}
    </MetricsPage>
  );
}

function MetricList(props: { setting: MetricsSetting }): JSX.Element {
  const [needle, setNeedle] = createSignal("");
  const shown = createMemo(() => {
    const text = needle().trim().toLowerCase();
    return props.setting.metrics
      .filter(({ name, label, description }) =>
        `${name} ${label} ${description}`.toLowerCase().includes(text),
      )
      .sort((a, b) => Number(b.verified) - Number(a.verified) || a.label.localeCompare(b.label));
  });
  return (
    <>
      <Show when={props.setting.metrics.length > 6}>
        <input
          class={`input ${styles.search}`}
          type="search"
          aria-label="Search metrics"
          placeholder="Search metrics"
          value={needle()}
          onInput={(event) => setNeedle(event.currentTarget.value)}
        />
      </Show>
      <ul class="panel metric-list">
        <For each={shown()} fallback={<li class={`soft nothing ${styles.line}`}>No metric matches.</li>}>
          {(metric) => <MetricLine metric={metric} setting={props.setting} />}
        </For>
      </ul>
    </>
  );
}

function MetricLine(props: { metric: Metric; setting: MetricsSetting }): JSX.Element {
  const isOwn = () => props.metric.created_by === props.setting.reader.user_id;
  return (
    <li class={styles.line}>
      <div class={styles.what}>
        <h2>
          <a href={`/projects/${props.setting.project.id}/metrics/${props.metric.id}`}>
            {props.metric.label}
          </a>
          <Show when={props.metric.verified}>
            <span class={styles.verified} title="Verified by an admin">
              <Icon name="seal" size={16} />
              Verified
            </span>
          </Show>
          <Show when={props.metric.sharing === "private"}>
            <span class={`soft small ${styles.private}`}>
              <Icon name="lock" size={14} />
              Private
            </span>
          </Show>
        </h2>
        <p class={props.metric.rule.kind === "formula" ? `${styles.rule} ${styles.formula}` : styles.rule}>
          {describe(props.metric.rule, props.setting.catalog)}
        </p>
        <Show when={props.metric.description}>
          <p class="soft small">{props.metric.description}</p>
        </Show>
      </div>
      <dl class={`${styles.facts} small`}>
        <div>
          <dt>Name</dt>
          <dd>
            <code>{props.metric.name}</code>
          </dd>
        </div>
        <div>
          <dt>Unit</dt>
          <dd>{unitLabel(props.metric.unit)}</dd>
        </div>
        <div>
          <dt>Used in</dt>
          <dd>
            <Suspense>
              <UsedIn metric={props.metric} />
            </Suspense>
          </dd>
        </div>
        <div>
          <dt>Created by</dt>
          <dd title={`Updated ${ago(props.metric.updated_at, Date.now(), locale())}`}>
            {isOwn() ? "you" : (props.setting.people.get(props.metric.created_by) ?? "former member")}
          </dd>
        </div>
      </dl>
    </li>
  );
}

/** Loaded after the page: one request per metric. */
function UsedIn(props: { metric: Metric }): JSX.Element {
  const [isAwake, setAwake] = createSignal(false);
  onMount(() => setAwake(true));
  const found = createAsync(async () =>
    isAwake() ? metricUses(props.metric.organization_id, props.metric.id) : undefined,
  );
  const words = () => {
    const uses = dataOf(found.latest);
    if (!uses) return "…";
    const count = uses.data.length;
    return count === 0 ? "not used" : counted(count, "place", locale());
  };
  return <>{words()}</>;
}

function NoMetrics(props: { setting: MetricsSetting }): JSX.Element {
  return (
    <section class="panel blank">
      <h2>No metrics yet</h2>
      <p class="soft">
        A metric defines what to count: an average of a field, unique visitors of a page, sign-ups divided by
        visitors. Dashboards and formulas use it by name and follow every change of its definition.
      </p>
      <Show
        when={atLeast(props.setting.role, "editor")}
        fallback={<p class="soft">Only editors of the organization can define metrics.</p>}
      >
        <div class="form-foot">
          <ButtonLink kind="main" href={`/projects/${props.setting.project.id}/metrics/new`}>
            New metric
          </ButtonLink>
        </div>
      </Show>
    </section>
  );
}
