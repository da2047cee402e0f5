/**
 * Imports a dashboard from YAML or JSON.
 * @module
 */
import { revalidate, useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Project } from "../../../../schema/wire/project";
import { dashboards, importDashboard } from "../../client/dashboards";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import styles from "./import-dialog.module.css";

/** Mounted while it is open. */
export default function ImportDialog(props: { project: Project; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const [text, setText] = createSignal("");
  const [problem, setProblem] = createSignal<Problem>();
  const [busy, setBusy] = createSignal(false);
  const go = async (event: SubmitEvent) => {
    event.preventDefault();
    setProblem(undefined);
    setBusy(true);
    const made = await importDashboard(props.project.id, text());
    setBusy(false);
    if (!made.ok) return setProblem(made.problem);
    void revalidate(dashboards.key);
    navigate(`/projects/${props.project.id}/dashboards/${made.data.id}`);
  };
  return (
    <Dialog open title="Import dashboard" onClose={props.onClose}>
      <form class="form" onSubmit={go}>
        <ProblemNotice problem={problem()} />
        <Show when={problem()?.errors?.length}>
          <ul class={`${styles.errors} small`}>
            <For each={problem()?.errors}>
              {(error) => (
                <li>
                  <code>{error.path}</code> {error.message}
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Field label="File">
          {(control) => (
            <input
              {...control}
              class="input"
              type="file"
              accept=".yaml,.yml,.json"
              onChange={async (event) => setText((await event.currentTarget.files?.[0]?.text()) ?? "")}
            />
          )}
        </Field>
        <Field label="Or paste text" hint="YAML or JSON, as exported.">
          {(control) => (
            <textarea
              {...control}
              class="input"
              rows={8}
              value={text()}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="dialog-foot">
          <Button kind="main" type="submit" disabled={!text().trim()} busy={busy() ? "Importing" : undefined}>
            Import
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
