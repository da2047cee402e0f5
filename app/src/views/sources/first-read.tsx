/**
 * The first read, watched: the cloth grows from today backwards, and the overview is a press away before it is done.
 * @module
 */
import { createAsync, useNavigate } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import type { SyncProgress } from "../../../../schema/wire/source";
import { createDashboard, dashboards } from "../../client/dashboards";
import { dataOf } from "../../client/http";
import { createMutation } from "../../client/mutation";
import { Button } from "../../ui/button";
import { counted, percent } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { ChooseAccounts } from "./choose-accounts";
import styles from "./first-read.module.css";
import { type Going, shareRead } from "./live";
import { Weaving } from "./progress-strip";
import { driverOf, streamNames } from "./setting";
import type { SourceProps } from "./source-props";

const TEMPLATE = { id: "marketing-overview", name: "Marketing overview" };

/** A panel on top of the page while the first read goes on, and when it has just ended. */
export function FirstRead(props: SourceProps & { going: Going | undefined }): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const isDone = () => props.source.synced_at !== null && props.going === undefined;
  // Between the last word of the socket and the first of the page, the last picture stays.
  const progress = createMemo<SyncProgress>((last) => props.going?.progress ?? last, []);
  const shown = (): SyncProgress =>
    isDone() ? progress().map((stream) => ({ ...stream, status: "complete" as const })) : progress();
  const records = () => shown().reduce((sum, stream) => sum + stream.records, 0);
  const share = () => (isDone() ? 1 : shareRead(shown()));
  return (
    <section class={`panel ${styles.firstRead}`} aria-labelledby="first-read">
      <div class={styles.head}>
        <h2 id="first-read">{isDone() ? "It is all here" : "The last 90 days are coming in"}</h2>
        <p class="soft">
          <Show
            when={!isDone()}
            fallback={`${counted(records(), "record", locale())} read. From now on only what changes is.`}
          >
            Newest first. You can leave this page; it goes on by itself.
          </Show>
        </p>
        <b class={`figure ${styles.share}`}>
          <Show when={share() !== null} fallback={counted(records(), "record", locale())}>
            {percent(share() ?? 0, locale(), 0)}
          </Show>
        </b>
      </div>
      <Show when={shown().length > 0} fallback={<div class="listening" />}>
        <Weaving
          progress={shown()}
          names={streamNames(driver())}
          timezone={props.setting.project.timezone}
          axis={shown().some(({ total }) => total !== null)}
        />
      </Show>
      <Show when={props.source.accounts.length > 1}>
        <details>
          <summary>
            {counted(props.source.accounts.filter(({ selected }) => selected).length, "account", locale())}{" "}
            being read: leave some out
          </summary>
          <ChooseAccounts source={props.source} locked={!props.setting.mayRun} />
        </details>
      </Show>
      <Show when={props.setting.mayRun}>
        <OpenOverview project={props.setting.project.id} isDone={isDone()} />
      </Show>
    </section>
  );
}

/** Opens the overview that there is, else makes it. */
function OpenOverview(props: { project: string; isDone: boolean }): JSX.Element {
  const navigate = useNavigate();
  const found = createAsync(() => dashboards(props.project));
  const existing = () => dataOf(found.latest)?.data.find(({ name }) => name === TEMPLATE.name);
  const make = createMutation(() => createDashboard(props.project, { template: TEMPLATE.id }), {
    revalidate: [dashboards.key],
    onSuccess: ({ id }) => navigate(`/projects/${props.project}/dashboards/${id}`),
  });
  const open = () => {
    const known = existing();
    if (known) navigate(`/projects/${props.project}/dashboards/${known.id}`);
    else make.run();
  };
  return (
    <>
      <ProblemNotice problem={make.problem()} />
      <div class="form-foot">
        <Button
          kind={props.isDone ? "main" : undefined}
          busy={make.pending() ? "Making it" : undefined}
          onClick={open}
        >
          Open the marketing overview
        </Button>
        <Show when={!props.isDone}>
          <span class="small soft">The newest days are in it as soon as they are read.</span>
        </Show>
      </div>
    </>
  );
}
