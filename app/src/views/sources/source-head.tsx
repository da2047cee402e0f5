/**
 * The header of a source page: name, status and actions.
 * @module
 */
import { revalidate } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { createMutation } from "../../client/mutation";
import { cancelSync, changeSource, runs, source, sources, syncNow } from "../../client/sources";
import { Button } from "../../ui/button";
import { ago } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { exactMoment } from "./connected";
import { intervalLabel, sourceStatus } from "./labels";
import type { ActiveRun } from "./live";
import { BackToSources } from "./page";
import { driverOf } from "./setting";
import styles from "./source-head.module.css";
import type { SourceProps } from "./source-props";
import statusStyles from "./status.module.css";
import { Badge } from "./vendor-badge";

/** The header. */
export function SourceHead(props: SourceProps & { active: ActiveRun | undefined }): JSX.Element {
  const reload = () => void revalidate([source.key, sources.key, runs.key]);
  const { project_id, id } = props.source;
  const sync = createMutation(() => syncNow(project_id, id), { onSuccess: reload });
  const cancel = createMutation(() => cancelSync(project_id, id), { onSuccess: reload });
  const pausing = createMutation(
    () => changeSource(project_id, id, { paused: props.source.status !== "paused" }),
    { onSuccess: reload },
  );
  const status = () => sourceStatus(props.source, props.active !== undefined, props.now, locale());
  const maySync = () => props.source.status === "active" || props.source.status === "paused";
  return (
    <div class={styles.head}>
      <BackToSources project={props.setting.project.id} />
      <h1 class={styles.title}>
        <Badge badge={driverOf(props.setting, props.source.driver)?.badge} />
        {props.source.name}
      </h1>
      <p class={styles.sentence}>
        <span class={statusStyles.status} data-tone={status().tone}>
          <Icon name={status().icon} size={16} />
          {status().text}
        </span>
        <span class="soft">
          {driverOf(props.setting, props.source.driver)?.label}
          <Show when={props.source.synced_at}>
            {(at) => (
              <span title={exactMoment(at(), props.setting.project.timezone)}>
                , last synced {ago(at(), props.now, locale())}
              </span>
            )}
          </Show>
          <NextSync {...props} />
        </span>
      </p>
      <Show when={props.setting.mayRun && maySync()}>
        <div class={styles.actions}>
          <Show
            when={props.active}
            fallback={
              <Button
                kind="main"
                disabled={props.source.status === "paused"}
                busy={sync.pending() ? "Starting" : undefined}
                onClick={sync.run}
              >
                <Icon name="restore" size={18} />
                Sync now
              </Button>
            }
          >
            <Button busy={cancel.pending() ? "Canceling" : undefined} onClick={cancel.run}>
              <Icon name="close" size={18} />
              Cancel sync
            </Button>
          </Show>
          <Button busy={pausing.pending() ? "Saving" : undefined} onClick={pausing.run}>
            <Icon name={props.source.status === "paused" ? "play" : "pause"} size={18} />
            {props.source.status === "paused" ? "Resume" : "Pause"}
          </Button>
        </div>
      </Show>
      <ProblemNotice problem={sync.problem() ?? cancel.problem() ?? pausing.problem()} />
    </div>
  );
}

function NextSync(props: SourceProps & { active: ActiveRun | undefined }): JSX.Element {
  const text = () => {
    const { status, next_sync_at, interval_minutes } = props.source;
    if (status !== "active" || next_sync_at === null || props.active) return "";
    const when = next_sync_at <= props.now ? "soon" : ago(next_sync_at, props.now, locale());
    return `, next ${when}, syncs ${intervalLabel(interval_minutes, locale())}`;
  };
  return <>{text()}</>;
}
