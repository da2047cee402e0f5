/**
 * The history of syncs: trigger, time, duration, volume and error.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { SyncRun } from "../../../../schema/wire/source";
import { dataOf, problemOf } from "../../client/http";
import { runs } from "../../client/sources";
import { Button } from "../../ui/button";
import { counted, exact, moment, precise } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { bytesText } from "./bytes";
import { OUTCOMES, sourceErrorLabel, TRIGGERS } from "./labels";
import styles from "./runs-section.module.css";
import sectionStyles from "./section.module.css";
import { driverOf } from "./setting";
import type { SourceProps } from "./source-props";
import statusStyles from "./status.module.css";
import tableStyles from "./table.module.css";

/** The history, newest first; older syncs load on request. */
export function RunsSection(props: SourceProps): JSX.Element {
  return (
    <section class={sectionStyles.section} aria-labelledby="runs">
      <div class={sectionStyles.head}>
        <h2 id="runs">Syncs</h2>
      </div>
      <div class={`panel ${tableStyles.scroll}`}>
        <table class={tableStyles.table}>
          <thead>
            <tr>
              <th scope="col">Started</th>
              <th scope="col">Trigger</th>
              <th scope="col">Outcome</th>
              <th scope="col" class={tableStyles.amount}>
                Duration
              </th>
              <th scope="col" class={tableStyles.amount}>
                Rows changed
              </th>
              <th scope="col" class={tableStyles.amount}>
                Requests
              </th>
              <th scope="col" class={tableStyles.amount}>
                Received
              </th>
              <th scope="col" class={tableStyles.amount}>
                Rate limited
              </th>
            </tr>
          </thead>
          <Suspense>
            <Page {...props} cursor={null} />
          </Suspense>
        </table>
      </div>
    </section>
  );
}

/** One page of rows, and the next one when it is requested. */
function Page(props: SourceProps & { cursor: string | null }): JSX.Element {
  const found = createAsync(() => runs(props.source.project_id, props.source.id, props.cursor), {
    deferStream: true,
  });
  const [isMore, setMore] = createSignal(false);
  const page = () => dataOf(found());
  const problem = () => problemOf(found());
  return (
    <>
      <tbody>
        <Show when={problem()}>
          {(refused) => (
            <tr>
              <td colSpan={8}>
                <ProblemNotice problem={refused()} />
              </td>
            </tr>
          )}
        </Show>
        <For
          each={page()?.data}
          fallback={
            <Show when={page() && props.cursor === null}>
              <tr>
                <td colSpan={8} class="soft">
                  No syncs yet. The first one starts automatically.
                </td>
              </tr>
            </Show>
          }
        >
          {(run) => <RunRow run={run} {...props} />}
        </For>
      </tbody>
      <Show when={page()?.next_cursor}>
        {(cursor) => (
          <Show
            when={isMore()}
            fallback={
              <tbody>
                <tr>
                  <td colSpan={8}>
                    <Button size="s" onClick={() => setMore(true)}>
                      Load more
                    </Button>
                  </td>
                </tr>
              </tbody>
            }
          >
            <Suspense>
              <Page {...props} cursor={cursor()} />
            </Suspense>
          </Show>
        )}
      </Show>
    </>
  );
}

function RunRow(props: SourceProps & { run: SyncRun }): JSX.Element {
  const outcome = () => OUTCOMES[props.run.status];
  const zone = () => props.setting.project.timezone;
  const took = () => {
    const { started_at, ended_at } = props.run;
    return ended_at === null ? "–" : precise(Math.max(1000, ended_at - started_at), "ms", locale());
  };
  const error = () => {
    const found = props.run.error;
    const vendor = driverOf(props.setting, props.source.driver)?.label ?? props.source.name;
    return found ? `${sourceErrorLabel(found, vendor).title}: ${found.message}` : undefined;
  };
  return (
    <tr>
      <th scope="row">
        <time datetime={new Date(props.run.started_at).toISOString()}>
          {moment(props.run.started_at, locale(), zone(), { dateStyle: "medium", timeStyle: "short" })}
        </time>
        <Show when={error()}>{(text) => <span class={`small soft ${styles.error}`}>{text()}</span>}</Show>
        <Show when={props.run.next_attempt_at}>
          {(at) => (
            <span class="small soft">Retry at {moment(at(), locale(), zone(), { timeStyle: "short" })}</span>
          )}
        </Show>
      </th>
      <td data-label="Trigger">{TRIGGERS[props.run.trigger]}</td>
      <td data-label="Outcome">
        <span class={statusStyles.status} data-tone={outcome().tone}>
          <Icon name={outcome().icon} size={16} />
          {outcome().text}
        </span>
      </td>
      <td class={tableStyles.amount} data-label="Duration">
        {took()}
      </td>
      <td class={tableStyles.amount} data-label="Rows changed">
        {exact(props.run.records, locale())}
      </td>
      <td class={tableStyles.amount} data-label="Requests">
        {exact(props.run.requests, locale())}
      </td>
      <td class={tableStyles.amount} data-label="Received">
        {bytesText(props.run.bytes, locale())}
      </td>
      <td class={tableStyles.amount} data-label="Rate limited">
        {props.run.throttled === 0 ? "–" : counted(props.run.throttled, "time", locale())}
      </td>
    </tr>
  );
}
