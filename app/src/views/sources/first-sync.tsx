/**
 * Progress of the first sync, with a link to the marketing overview.
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
import styles from "./first-sync.module.css";
import { type ActiveRun, syncedShare } from "./live";
import { ProgressStrip } from "./progress-strip";
import { driverOf, streamNames } from "./setting";
import type { SourceProps } from "./source-props";

const TEMPLATE = { id: "marketing-overview", name: "Marketing overview" };

/** Shown during the first sync, and after it has ended until the page is left. */
export function FirstSync(props: SourceProps & { active: ActiveRun | undefined }): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const isDone = () => props.source.synced_at !== null && props.active === undefined;
  // Keeps the last progress between the last frame and the reloaded page.
  const progress = createMemo<SyncProgress>((last) => props.active?.progress ?? last, []);
  const shown = (): SyncProgress =>
    isDone() ? progress().map((stream) => ({ ...stream, status: "complete" as const })) : progress();
  const records = () => shown().reduce((sum, stream) => sum + stream.records, 0);
  const share = () => (isDone() ? 1 : syncedShare(shown()));
  return (
    <section class={`panel ${styles.firstRead}`} aria-labelledby="first-sync">
      <div class={styles.head}>
        <h2 id="first-sync">{isDone() ? "First sync complete" : "Syncing the last 90 days"}</h2>
        <p class="soft">
          <Show
            when={!isDone()}
            fallback={`${counted(records(), "record", locale())} synced. Later syncs read only changes.`}
          >
            Newest days first. You can leave this page; the sync continues in the background.
          </Show>
        </p>
        <b class={`figure ${styles.share}`}>
          <Show when={share() !== null} fallback={counted(records(), "record", locale())}>
            {percent(share() ?? 0, locale(), 0)}
          </Show>
        </b>
      </div>
      <Show when={shown().length > 0} fallback={<div class="listening" />}>
        <ProgressStrip
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
            syncing: change
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

/** Opens the marketing overview; creates it when it does not exist. */
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
          busy={make.pending() ? "Creating" : undefined}
          onClick={open}
        >
          Open marketing overview
        </Button>
        <Show when={!props.isDone}>
          <span class="small soft">Days appear there as soon as they are synced.</span>
        </Show>
      </div>
    </>
  );
}
