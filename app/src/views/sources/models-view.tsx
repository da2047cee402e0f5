/**
 * /projects/[id]/sources/models: tables, their columns, lineage and test results.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { Model } from "../../../../schema/wire/model";
import { dataOf, problemOf } from "../../client/http";
import { models } from "../../client/sources";
import { ago, counted } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import pageHeadStyles from "../../ui/page-head.module.css";
import { ProblemNotice } from "../../ui/problem";
import styles from "./models-view.module.css";
import { BackToSources, SourcesPage } from "./page";
import sectionStyles from "./section.module.css";
import statusStyles from "./status.module.css";
import tableStyles from "./table.module.css";

const LAYERS: { layer: Model["layer"]; title: string; about: string }[] = [
  {
    layer: "mart",
    title: "Marts",
    about: "One schema across platforms; dashboards and metrics query these.",
  },
  {
    layer: "staging",
    title: "Staging",
    about: "Records of each platform with common names and units.",
  },
  {
    layer: "source",
    title: "Raw records",
    about: "Every record as received, with its versions.",
  },
];

/** The page. */
export function ModelsView(): JSX.Element {
  return (
    <SourcesPage title="Tables">
      {(setting) => {
        const found = createAsync(() => models(setting().project.id), { deferStream: true });
        const list = () => dataOf(found())?.data ?? [];
        const problem = () => problemOf(found());
        return (
          <>
            <div class={pageHeadStyles.head}>
              <BackToSources project={setting().project.id} />
              <h1>Tables</h1>
              <p class="soft">Columns with descriptions, upstream tables and test results.</p>
            </div>
            <ProblemNotice problem={problem()} />
            <For each={LAYERS}>
              {({ layer, title, about }) => (
                <Show when={list().some((model) => model.layer === layer)}>
                  <section class={sectionStyles.section} aria-label={title}>
                    <div>
                      <h2>{title}</h2>
                      <p class="soft">{about}</p>
                    </div>
                    <div class="panel">
                      <For each={list().filter((model) => model.layer === layer)}>
                        {(model) => <ModelPart model={model} />}
                      </For>
                    </div>
                  </section>
                </Show>
              )}
            </For>
          </>
        );
      }}
    </SourcesPage>
  );
}

function ModelPart(props: { model: Model }): JSX.Element {
  const failing = () => props.model.tests.filter(({ failures }) => failures > 0);
  const isTested = () => props.model.tests.some(({ checked_at }) => checked_at !== null);
  return (
    <details class={styles.model} id={`model-${props.model.name}`}>
      <summary>
        <b>{props.model.name}</b>
        <span class="soft">{props.model.description}</span>
        <Show when={isTested()} fallback={<span class="small soft">Not tested yet</span>}>
          <span class={`${statusStyles.status} small`} data-tone={failing().length > 0 ? "bad" : "good"}>
            <Icon name={failing().length > 0 ? "warn" : "check"} size={14} />
            {failing().length > 0
              ? `${counted(failing().length, "test", locale())} of ${props.model.tests.length} failed`
              : `${counted(props.model.tests.length, "test", locale())} passed`}
          </span>
        </Show>
      </summary>
      <div class={styles.body}>
        <Facts model={props.model} />
        <div class={tableStyles.scroll}>
          <table class={tableStyles.table}>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">Type</th>
                <th scope="col">Description</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.model.columns}>
                {(column) => (
                  <tr>
                    <th scope="row">
                      <code>{column.name}</code>
                    </th>
                    <td data-label="Type">
                      {[column.type, column.unit, column.nullable ? "nullable" : null]
                        .filter(Boolean)
                        .join(", ")}
                    </td>
                    <td class={tableStyles.meaning} data-label="Description">
                      {column.meaning}
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </div>
    </details>
  );
}

/** Upstream tables, unique key, freshness and failed tests. */
function Facts(props: { model: Model }): JSX.Element {
  const open = (name: string) => document.getElementById(`model-${name}`)?.setAttribute("open", "");
  return (
    <dl class={`${styles.facts} small`}>
      <Show when={props.model.from.length > 0}>
        <div>
          <dt class="soft">Upstream tables</dt>
          <dd>
            <For each={props.model.from}>
              {(name) => (
                <a href={`#model-${name}`} onClick={() => open(name)}>
                  {name}
                </a>
              )}
            </For>
          </dd>
        </div>
      </Show>
      <div>
        <dt class="soft">Unique key</dt>
        <dd>{props.model.key.join(", ")}</dd>
      </div>
      <Show when={props.model.complete_until}>
        {(until) => (
          <div>
            <dt class="soft">Synced up to</dt>
            <dd>{ago(until(), Date.now(), locale())}</dd>
          </div>
        )}
      </Show>
      <For each={props.model.tests.filter(({ failures }) => failures > 0)}>
        {(test) => (
          <div>
            <dt class={statusStyles.status} data-tone="bad">
              Failed
            </dt>
            <dd>
              {test.description}: {counted(test.failures, "row", locale())}
              {test.examples.length > 0 ? `, such as ${test.examples.slice(0, 3).join(", ")}` : ""}
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}
