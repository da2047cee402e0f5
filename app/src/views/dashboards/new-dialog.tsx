/**
 * Creates a dashboard from a template, shown as a preview of its layout, or a blank one.
 * @module
 */
import { createAsync, revalidate, useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Suspense } from "solid-js";
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import type { Problem } from "../../../../schema/wire/error";
import type { Project } from "../../../../schema/wire/project";
import { createDashboard, dashboards, templates } from "../../client/dashboards";
import { dataOf } from "../../client/http";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { ProblemNotice } from "../../ui/problem";
import { Plan } from "./kind-picture";
import styles from "./new-dialog.module.css";

/** Mounted while it is open. A choice creates the dashboard and opens it. */
export default function NewDialog(props: { project: Project; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const [busy, setBusy] = createSignal<string>();
  const [problem, setProblem] = createSignal<Problem>();
  const make = async (template: DashboardTemplate | undefined) => {
    if (busy() !== undefined) return;
    setBusy(template?.id ?? "");
    const made = await createDashboard(
      props.project.id,
      template ? { template: template.id } : { name: "New dashboard" },
    );
    setBusy(undefined);
    if (!made.ok) return setProblem(made.problem);
    void revalidate(dashboards.key);
    navigate(`/projects/${props.project.id}/dashboards/${made.data.id}${template ? "" : "?edit"}`);
  };
  return (
    <Dialog open title="New dashboard" onClose={props.onClose}>
      <ProblemNotice problem={problem()} />
      <ul class={styles.templates}>
        <li>
          <button
            type="button"
            class={styles.template}
            aria-busy={busy() === ""}
            onClick={() => make(undefined)}
          >
            <span class={styles.blank}>
              <Icon name="plus" />
            </span>
            <b>Blank</b>
            <span class="small soft">Start without widgets.</span>
          </button>
        </li>
        <Suspense fallback={<li class={`skeleton ${styles.wait}`} />}>
          <Templates busy={busy()} onChoose={make} />
        </Suspense>
      </ul>
    </Dialog>
  );
}

function Templates(props: {
  busy: string | undefined;
  onChoose: (template: DashboardTemplate) => void;
}): JSX.Element {
  const found = createAsync(() => templates());
  const list = () => dataOf(found())?.data ?? [];
  return (
    <For each={list()}>
      {(template) => (
        <li>
          <button
            type="button"
            class={styles.template}
            aria-busy={props.busy === template.id}
            onClick={() => props.onChoose(template)}
          >
            <Plan widgets={template.content.widgets} />
            <b>{template.content.name}</b>
            <span class="small soft">{template.content.description}</span>
          </button>
        </li>
      )}
    </For>
  );
}
