/**
 * /projects/[id]/sources/models: what the tables hold, column by column, what each is made of and whether it holds.
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
    title: "Tables that you ask",
    about: "One shape over all vendors; dashboards and metrics read these.",
  },
  {
    layer: "staging",
    title: "Common shape",
    about: "Each vendor’s records under the same names and in the same units.",
  },
  {
    layer: "source",
    title: "As vendors say it",
    about: "Every record as it came, with each of its versions.",
  },
];

/** The page. */
export function ModelsView(): JSX.Element {
  return (
    <SourcesPage title="What the tables hold">
      {(setting) => {
        const found = createAsync(() => models(setting().project.id), { deferStream: true });
        const list = () => dataOf(found())?.data ?? [];
        const problem = () => problemOf(found());
        return (
          <>
            <div class={pageHeadStyles.head}>
              <BackToSources project={setting().project.id} />
              <h1>What the tables hold</h1>
              <p class="soft">
                Every column with its meaning, what each table is made of, and what its tests found.
              </p>
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
        <Show when={isTested()} fallback={<span class="small soft">not tested yet</span>}>
          <span class={`${statusStyles.status} small`} data-mood={failing().length > 0 ? "bad" : "good"}>
            <Icon name={failing().length > 0 ? "warn" : "check"} size={14} />
            {failing().length > 0
              ? `${counted(failing().length, "test", locale())} of ${props.model.tests.length} do not hold`
              : `${counted(props.model.tests.length, "test", locale())} hold`}
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
                <th scope="col">Holds</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.model.columns}>
                {(column) => (
                  <tr>
                    <th scope="row">
                      <code>{column.name}</code>
                    </th>
                    <td data-label="Holds">
                      {[column.type, column.unit, column.nullable ? "or nothing" : null]
                        .filter(Boolean)
                        .join(", ")}
                    </td>
                    <td class={tableStyles.meaning} data-label="Meaning">
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

/** What it is made of, what tells rows apart, how far it reaches, what does not hold. */
function Facts(props: { model: Model }): JSX.Element {
  const open = (name: string) => document.getElementById(`model-${name}`)?.setAttribute("open", "");
  return (
    <dl class={`${styles.facts} small`}>
      <Show when={props.model.from.length > 0}>
        <div>
          <dt class="soft">Made of</dt>
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
        <dt class="soft">Rows are told apart by</dt>
        <dd>{props.model.key.join(", ")}</dd>
      </div>
      <Show when={props.model.complete_until}>
        {(until) => (
          <div>
            <dt class="soft">Complete until</dt>
            <dd>{ago(until(), Date.now(), locale())}</dd>
          </div>
        )}
      </Show>
      <For each={props.model.tests.filter(({ failures }) => failures > 0)}>
        {(test) => (
          <div>
            <dt class={statusStyles.status} data-mood="bad">
              Does not hold
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
