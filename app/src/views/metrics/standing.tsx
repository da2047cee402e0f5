/**
 * A saved metric's standing: who uses it, who vouches for it, and the way to take it away.
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
import styles from "./standing.module.css";

const IN_USE = {
  title: "It is used, so it was not deleted",
  detail:
    "Take it out of what is listed above first. Dashboards that others keep to themselves may use it, too.",
};

/** Under the form of a metric. */
export function Standing(props: { metric: Metric; setting: MetricsSetting }): JSX.Element {
  const organization = () => props.metric.organization_id;
  const navigate = useNavigate();
  const [problem, setProblem] = createSignal<Pick<Problem, "title" | "detail">>();
  const [isLeaving, setLeaving] = createSignal(false);
  const verify = async () => {
    const { id, version, verified } = props.metric;
    const result = await changeMetric(organization(), id, { version, verified: !verified });
    setProblem(problemOf(result));
    await revalidate(metrics.keyFor(organization()));
  };
  const remove = async () => {
    const result = await deleteMetric(organization(), props.metric.id);
    setLeaving(false);
    if (!result.ok) {
      setProblem(result.problem.code === "conflict" ? IN_USE : result.problem);
      return revalidate(metricUses.key);
    }
    await revalidate(metrics.key);
    navigate(`/projects/${props.setting.project.id}/metrics`);
  };
  return (
    <section class={styles.section} aria-label="Use and standing">
      <Suspense fallback={<p class="soft">Looking up where it is used</p>}>
        <Uses metric={props.metric} setting={props.setting} />
      </Suspense>
      <ProblemNotice problem={problem()} />
      <div class="form-foot">
        <Show when={atLeast(props.setting.role, "admin") && props.metric.sharing === "organization"}>
          <Button
            onClick={() => void verify()}
            title="Says that the definition is the organisation’s own. A change of the rule ends it."
          >
            <Icon name="seal" size={18} />
            {props.metric.verified ? "Take the verification back" : "Verify"}
          </Button>
        </Show>
        <Show when={atLeast(props.setting.role, "editor")}>
          <Show
            when={isLeaving()}
            fallback={
              <Button kind="danger" onClick={() => setLeaving(true)}>
                <Icon name="bin" size={18} />
                Delete
              </Button>
            }
          >
            <span>Delete {props.metric.label} for good?</span>
            <Button kind="danger" onClick={() => void remove()}>
              Delete
            </Button>
            <Button kind="quiet" onClick={() => setLeaving(false)}>
              Keep
            </Button>
          </Show>
        </Show>
      </div>
    </section>
  );
}

/** What asks for it. */
function Uses(props: { metric: Metric; setting: MetricsSetting }): JSX.Element {
  const found = createAsync(() => metricUses(props.metric.organization_id, props.metric.id));
  const uses = () => dataOf(found())?.data ?? [];
  const address = (use: MetricUse) =>
    use.kind === "dashboard"
      ? `/projects/${use.project_id ?? props.setting.project.id}/dashboards/${use.id}`
      : `/projects/${props.setting.project.id}/metrics/${use.id}`;
  return (
    <>
      <h2>Used in</h2>
      <Show
        when={uses().length > 0}
        fallback={
          <p class="soft">Nothing yet. Widgets of dashboards and formulas of other metrics can ask for it.</p>
        }
      >
        <ul class="lines">
          <For each={uses()}>
            {(use) => (
              <li>
                <a href={address(use)}>{use.name}</a>
                <span class="small soft">{use.kind === "dashboard" ? "dashboard" : "formula"}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}
