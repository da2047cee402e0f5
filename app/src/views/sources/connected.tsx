/**
 * A connected source in the list: status, last and next sync, data quality, and progress while it syncs.
 * @module
 */
import { type JSX, Show, Suspense } from "solid-js";
import type { Source } from "../../../../schema/wire/source";
import { ago, counted, moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import styles from "./connected.module.css";
import { intervalLabel, sourceErrorLabel, sourceStatus } from "./labels";
import { createActiveRun, createProgressText, type Syncing } from "./live";
import { ProgressStrip } from "./progress-strip";
import { QualityMark } from "./quality-mark";
import { driverOf, type SourcesSetting, streamNames } from "./setting";
import statusStyles from "./status.module.css";
import { Badge } from "./vendor-badge";

/** A line of the list. */
export function Connected(props: {
  source: Source;
  setting: SourcesSetting;
  syncing: Syncing;
  now: number;
}): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const active = createActiveRun(() => props.source, props.syncing);
  const status = () => sourceStatus(props.source, active() !== undefined, props.now, locale());
  const progress = createProgressText(active, () => props.source.name);
  const error = () =>
    props.source.status === "broken" && props.source.error
      ? sourceErrorLabel(props.source.error, driver()?.label ?? props.source.name)
      : undefined;
  return (
    <li class={styles.line}>
      <Badge badge={driver()?.badge} />
      <div class={styles.what}>
        <h2>
          <a href={`/projects/${props.setting.project.id}/sources/${props.source.id}`}>{props.source.name}</a>
        </h2>
        <p class="small soft">{accountsText(props.source, driver()?.label)}</p>
        <Show when={error()}>{(label) => <p class="small">{label().title}</p>}</Show>
      </div>
      <dl class={styles.facts}>
        <div>
          <dt>Status</dt>
          <dd class={statusStyles.status} data-tone={status().tone}>
            <Icon name={status().icon} size={16} />
            {status().text}
          </dd>
        </div>
        <div>
          <dt>Last sync</dt>
          <dd title={exactMoment(props.source.synced_at, props.setting.project.timezone)}>
            {props.source.synced_at === null ? "never" : ago(props.source.synced_at, props.now, locale())}
          </dd>
        </div>
        <div>
          <dt>Next</dt>
          <dd title={`Syncs ${intervalLabel(props.source.interval_minutes, locale())}`}>
            <Next source={props.source} now={props.now} isSyncing={active() !== undefined} />
          </dd>
        </div>
        <div>
          <dt>Quality</dt>
          <dd>
            <QualityMark score={props.source.quality} />
          </dd>
        </div>
      </dl>
      <Suspense>
        <Show when={active()}>
          {(run) => (
            <div class={styles.progress}>
              <ProgressStrip
                progress={run().progress}
                names={streamNames(driver())}
                timezone={props.setting.project.timezone}
              />
            </div>
          )}
        </Show>
      </Suspense>
      <span class="visually-hidden" role="status">
        {progress()}
      </span>
    </li>
  );
}

/** `Google Ads, 3 accounts`, or the name of the only account. */
function accountsText(source: Source, label = ""): string {
  const selected = source.accounts.filter((account) => account.selected);
  const accounts =
    selected.length === 1 ? (selected[0]?.name ?? "") : counted(selected.length, "account", locale());
  const vendor = label === source.name ? "" : label;
  return [vendor, selected.length > 0 ? accounts : ""].filter(Boolean).join(", ");
}

/** Formats a moment with date, time and zone; undefined for null. */
export function exactMoment(time: number | null, timezone: string): string | undefined {
  if (time === null) return undefined;
  return `${moment(time, locale(), timezone, { dateStyle: "medium", timeStyle: "short" })}, ${timezone}`;
}

function Next(props: { source: Source; now: number; isSyncing: boolean }): JSX.Element {
  const text = () => {
    const { status, next_sync_at } = props.source;
    if (props.isSyncing) return "syncing";
    if (status !== "active" || next_sync_at === null) return "–";
    return next_sync_at <= props.now ? "soon" : ago(next_sync_at, props.now, locale());
  };
  return <>{text()}</>;
}
