/**
 * Every sync: why, when, how long, how much, and what went wrong.
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
import { OUTCOMES, TRIGGERS, troubleWords } from "./labels";
import styles from "./runs-section.module.css";
import sectionStyles from "./section.module.css";
import { driverOf } from "./setting";
import type { SourceProps } from "./source-props";
import statusStyles from "./status.module.css";
import tableStyles from "./table.module.css";

/** The history, newest first; earlier syncs on request. */
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
              <th scope="col">When</th>
              <th scope="col">Why</th>
              <th scope="col">Outcome</th>
              <th scope="col" class={tableStyles.amount}>
                Took
              </th>
              <th scope="col" class={tableStyles.amount}>
                New or changed
              </th>
              <th scope="col" class={tableStyles.amount}>
                Requests
              </th>
              <th scope="col" class={tableStyles.amount}>
                Received
              </th>
              <th scope="col" class={tableStyles.amount}>
                Asked to wait
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

/** One page of rows, and the next under it once it is asked for. */
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
                  None yet. The first begins by itself.
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
                      Earlier
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
  const trouble = () => {
    const { error } = props.run;
    const vendor = driverOf(props.setting, props.source.driver)?.label ?? props.source.name;
    return error ? `${troubleWords(error, vendor).title}: ${error.message}` : undefined;
  };
  return (
    <tr>
      <th scope="row">
        <time datetime={new Date(props.run.started_at).toISOString()}>
          {moment(props.run.started_at, locale(), zone(), { dateStyle: "medium", timeStyle: "short" })}
        </time>
        <Show when={trouble()}>{(words) => <span class={`small soft ${styles.error}`}>{words()}</span>}</Show>
        <Show when={props.run.next_attempt_at}>
          {(at) => (
            <span class="small soft">
              Tried again {moment(at(), locale(), zone(), { timeStyle: "short" })}
            </span>
          )}
        </Show>
      </th>
      <td data-label="Why">{TRIGGERS[props.run.trigger]}</td>
      <td data-label="Outcome">
        <span class={statusStyles.status} data-mood={outcome().mood}>
          <Icon name={outcome().icon} size={16} />
          {outcome().word}
        </span>
      </td>
      <td class={tableStyles.amount} data-label="Took">
        {took()}
      </td>
      <td class={tableStyles.amount} data-label="New or changed">
        {exact(props.run.records, locale())}
      </td>
      <td class={tableStyles.amount} data-label="Requests">
        {exact(props.run.requests, locale())}
      </td>
      <td class={tableStyles.amount} data-label="Received">
        {bytesText(props.run.bytes, locale())}
      </td>
      <td class={tableStyles.amount} data-label="Asked to wait">
        {props.run.throttled === 0 ? "–" : counted(props.run.throttled, "time", locale())}
      </td>
    </tr>
  );
}
