/**
 * Exports a dashboard as YAML or JSON.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Dashboard } from "../../../../schema/wire/dashboard";
import { exportDashboard } from "../../client/dashboards";
import { dataOf, problemOf } from "../../client/http";
import { Button } from "../../ui/button";
import { Code } from "../../ui/copy";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { ProblemNotice } from "../../ui/problem";
import styles from "./export-dialog.module.css";
import { saveFile } from "./save-file";

const FORMATS = { yaml: "YAML", json: "JSON" } as const;
type Format = keyof typeof FORMATS;

/** Mounted while it is open. */
export default function ExportDialog(props: { dashboard: Dashboard; onClose: () => void }): JSX.Element {
  const [format, setFormat] = createSignal<Format>("yaml");
  return (
    <Dialog open title={`Export ${props.dashboard.name}`} onClose={props.onClose}>
      <div class={`form ${styles.export}`}>
        <p class="soft">
          The definition of the dashboard and its metrics, without data. Use Import in the list of dashboards
          to load it.
        </p>
        <fieldset class="segments">
          <legend class="visually-hidden">Format</legend>
          <For each={Object.keys(FORMATS) as Format[]}>
            {(name) => (
              <button type="button" aria-pressed={format() === name} onClick={() => setFormat(name)}>
                {FORMATS[name]}
              </button>
            )}
          </For>
        </fieldset>
        <Suspense fallback={<div class={`skeleton ${styles.wait}`} />}>
          <File dashboard={props.dashboard} format={format()} />
        </Suspense>
      </div>
    </Dialog>
  );
}

function File(props: { dashboard: Dashboard; format: Format }): JSX.Element {
  const found = createAsync(() =>
    exportDashboard(props.dashboard.project_id, props.dashboard.id, props.format),
  );
  const text = () => dataOf(found());
  const problem = () => problemOf(found());
  return (
    <>
      <ProblemNotice problem={problem()} />
      <Show when={text()}>
        {(shown) => (
          <>
            <Code text={shown()} label={`Dashboard as ${FORMATS[props.format]}`} />
            <div class="dialog-foot">
              <Button
                kind="main"
                onClick={() => saveFile(`${props.dashboard.slug ?? "dashboard"}.${props.format}`, shown())}
              >
                <Icon name="fall" size={18} />
                Download
              </Button>
            </div>
          </>
        )}
      </Show>
    </>
  );
}
