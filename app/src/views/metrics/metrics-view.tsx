/**
 * /projects/[id]/metrics: what the organisation calls its numbers, and what each of them counts.
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
import { unitWords } from "./labels";
import styles from "./metrics-view.module.css";
import { MetricsPage } from "./page";
import type { MetricsSetting } from "./setting";

/** The list, or what a metric is when there is none. */
export function MetricsView(): JSX.Element {
  return (
    <MetricsPage title="Metrics">
      {(setting) => (
        <>
          <div class={pageHeadStyles.head}>
            <h1>Metrics</h1>
            <p class="soft">
              What your organisation calls its numbers, each defined once and used everywhere.
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
          aria-label="Find a metric"
          placeholder="Find a metric"
          value={needle()}
          onInput={(event) => setNeedle(event.currentTarget.value)}
        />
      </Show>
      <ul class="panel metric-list">
        <For
          each={shown()}
          fallback={<li class={`soft nothing ${styles.line}`}>No metric is called that.</li>}
        >
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
            <span class={styles.verified} title="An admin vouches for this definition">
              <Icon name="seal" size={16} />
              Verified
            </span>
          </Show>
          <Show when={props.metric.sharing === "private"}>
            <span class={`soft small ${styles.private}`}>
              <Icon name="lock" size={14} />
              Only you
            </span>
          </Show>
        </h2>
        <p class={props.metric.rule.kind === "formula" ? `${styles.rule} ${styles.formula}` : styles.rule}>
          {describe(props.metric.rule, props.setting.catalogue)}
        </p>
        <Show when={props.metric.description}>
          <p class="soft small">{props.metric.description}</p>
        </Show>
      </div>
      <dl class={`${styles.facts} small`}>
        <div>
          <dt>In formulas</dt>
          <dd>
            <code>{props.metric.name}</code>
          </dd>
        </div>
        <div>
          <dt>Unit</dt>
          <dd>{unitWords(props.metric.unit)}</dd>
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
          <dt>Made by</dt>
          <dd title={`Changed ${ago(props.metric.updated_at, Date.now(), locale())}`}>
            {isOwn() ? "you" : (props.setting.people.get(props.metric.created_by) ?? "someone who has left")}
          </dd>
        </div>
      </dl>
    </li>
  );
}

/** Counted after the page is there: it is one request a metric. */
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
    return count === 0 ? "nothing yet" : counted(count, "place", locale());
  };
  return <>{words()}</>;
}

function NoMetrics(props: { setting: MetricsSetting }): JSX.Element {
  return (
    <section class="panel blank">
      <h2>Name a number once</h2>
      <p class="soft">
        A metric says what to count: an average of a field, unique visitors of one page, sign-ups divided by
        visitors. Once it is here, dashboards and formulas use it by its name, and a change of the definition
        changes them all.
      </p>
      <Show
        when={atLeast(props.setting.role, "editor")}
        fallback={<p class="soft">Editors of the organisation define metrics. Ask one of them.</p>}
      >
        <div class="form-foot">
          <ButtonLink kind="main" href={`/projects/${props.setting.project.id}/metrics/new`}>
            Define the first metric
          </ButtonLink>
        </div>
      </Show>
    </section>
  );
}
