/**
 * Where a saved metric is used, its verification, and its deletion.
 * @module
 */
import { createAsync, revalidate, useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Metric, MetricUse } from "../../../../schema/wire/metric";
import { dataOf, problemOf } from "../../client/http";
import { changeMetric, deleteMetric, metrics, metricUses } from "../../client/metrics";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { ProblemNotice } from "../../ui/problem";
import { atLeast } from "../organizations/roles";
import type { MetricsSetting } from "./setting";
import styles from "./usage-section.module.css";

const IN_USE = {
  title: "The metric is in use",
  detail:
    "Remove it from the items listed above first. Private dashboards of other members may use it as well.",
};

/** Shown under the builder. */
export function UsageSection(props: { metric: Metric; setting: MetricsSetting }): JSX.Element {
  const organization = () => props.metric.organization_id;
  const navigate = useNavigate();
  const [problem, setProblem] = createSignal<Pick<Problem, "title" | "detail">>();
  const [isDeleting, setDeleting] = createSignal(false);
  const verify = async () => {
    const { id, version, verified } = props.metric;
    const result = await changeMetric(organization(), id, { version, verified: !verified });
    setProblem(problemOf(result));
    await revalidate(metrics.keyFor(organization()));
  };
  const remove = async () => {
    const result = await deleteMetric(organization(), props.metric.id);
    setDeleting(false);
    if (!result.ok) {
      setProblem(result.problem.code === "metric_in_use" ? IN_USE : result.problem);
      return revalidate(metricUses.key);
    }
    await revalidate(metrics.key);
    navigate(`/projects/${props.setting.project.id}/metrics`);
  };
  return (
    <section class={styles.section} aria-label="Usage">
      <Suspense fallback={<p class="soft">Loading usage</p>}>
        <Uses metric={props.metric} setting={props.setting} />
      </Suspense>
      <ProblemNotice problem={problem()} />
      <div class="form-foot">
        <Show when={atLeast(props.setting.role, "admin") && props.metric.sharing === "organization"}>
          <Button
            onClick={() => void verify()}
            title="Marks the definition as official. Changing the rule removes the mark."
          >
            <Icon name="seal" size={18} />
            {props.metric.verified ? "Remove verification" : "Verify"}
          </Button>
        </Show>
        <Show when={atLeast(props.setting.role, "editor")}>
          <Show
            when={isDeleting()}
            fallback={
              <Button kind="danger" onClick={() => setDeleting(true)}>
                <Icon name="bin" size={18} />
                Delete
              </Button>
            }
          >
            <span>Delete {props.metric.label}? This cannot be undone.</span>
            <Button kind="danger" onClick={() => void remove()}>
              Delete
            </Button>
            <Button kind="quiet" onClick={() => setDeleting(false)}>
              Cancel
            </Button>
          </Show>
        </Show>
      </div>
    </section>
  );
}

/** Dashboards and metrics that use it. */
function Uses(props: { metric: Metric; setting: MetricsSetting }): JSX.Element {
  const found = createAsync(() => metricUses(props.metric.organization_id, props.metric.id));
  const uses = () => dataOf(found())?.data ?? [];
  const href = (use: MetricUse) =>
    use.kind === "dashboard"
      ? `/projects/${use.project_id ?? props.setting.project.id}/dashboards/${use.id}`
      : `/projects/${props.setting.project.id}/metrics/${use.id}`;
  return (
    <>
      <h2>Used in</h2>
      <Show when={uses().length > 0} fallback={<p class="soft">Not used in any dashboard or formula.</p>}>
        <ul class="lines">
          <For each={uses()}>
            {(use) => (
              <li>
                <a href={href(use)}>{use.name}</a>
                <span class="small soft">{use.kind === "dashboard" ? "dashboard" : "formula"}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}
