/**
 * The head of a source: its name, how it stands in one sentence, and what can be done at once.
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
import { everyWords, standing } from "./labels";
import type { Going } from "./live";
import { BackToSources } from "./page";
import { driverOf } from "./setting";
import styles from "./source-head.module.css";
import type { SourceProps } from "./source-props";
import statusStyles from "./status.module.css";
import { Swatch } from "./vendor-badge";

/** On top of the page. */
export function SourceHead(props: SourceProps & { going: Going | undefined }): JSX.Element {
  const renew = () => void revalidate([source.key, sources.key, runs.key]);
  const { project_id, id } = props.source;
  const sync = createMutation(() => syncNow(project_id, id), { onSuccess: renew });
  const cancel = createMutation(() => cancelSync(project_id, id), { onSuccess: renew });
  const pausing = createMutation(
    () => changeSource(project_id, id, { paused: props.source.status !== "paused" }),
    { onSuccess: renew },
  );
  const stands = () => standing(props.source, props.going !== undefined, props.now, locale());
  const mayRead = () => props.source.status === "active" || props.source.status === "paused";
  return (
    <div class={styles.head}>
      <BackToSources project={props.setting.project.id} />
      <h1 class={styles.title}>
        <Swatch badge={driverOf(props.setting, props.source.driver)?.badge} />
        {props.source.name}
      </h1>
      <p class={styles.sentence}>
        <span class={statusStyles.status} data-mood={stands().mood}>
          <Icon name={stands().icon} size={16} />
          {stands().word}
        </span>
        <span class="soft">
          {driverOf(props.setting, props.source.driver)?.label}
          <Show when={props.source.synced_at}>
            {(at) => (
              <span title={exactMoment(at(), props.setting.project.timezone)}>
                , last read {ago(at(), props.now, locale())}
              </span>
            )}
          </Show>
          <NextWords {...props} />
        </span>
      </p>
      <Show when={props.setting.mayRun && mayRead()}>
        <div class={styles.actions}>
          <Show
            when={props.going}
            fallback={
              <Button
                kind="main"
                disabled={props.source.status === "paused"}
                busy={sync.pending() ? "Asking" : undefined}
                onClick={sync.run}
              >
                <Icon name="restore" size={18} />
                Sync now
              </Button>
            }
          >
            <Button busy={cancel.pending() ? "Stopping" : undefined} onClick={cancel.run}>
              <Icon name="close" size={18} />
              Stop reading
            </Button>
          </Show>
          <Button busy={pausing.pending() ? "Saving" : undefined} onClick={pausing.run}>
            <Icon name={props.source.status === "paused" ? "play" : "pause"} size={18} />
            {props.source.status === "paused" ? "Go on" : "Pause"}
          </Button>
        </div>
      </Show>
      <ProblemNotice problem={sync.problem() ?? cancel.problem() ?? pausing.problem()} />
    </div>
  );
}

function NextWords(props: SourceProps & { going: Going | undefined }): JSX.Element {
  const words = () => {
    const { status, next_sync_at, interval_minutes } = props.source;
    if (status !== "active" || next_sync_at === null || props.going) return "";
    const when = next_sync_at <= props.now ? "any moment" : ago(next_sync_at, props.now, locale());
    return `, next ${when}, read ${everyWords(interval_minutes, locale())}`;
  };
  return <>{words()}</>;
}
