/**
 * Progress of a sync, a strip per stream: one unit per day, the newest day on the right, filled from there.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { StreamProgress, SyncProgress } from "../../../../schema/wire/source";
import { counted, exact, moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import styles from "./progress-strip.module.css";

/** Days of a first sync. */
const FIRST_DAYS = 90;

/** Labels of streams by name. */
export type StreamNames = ReadonlyMap<string, string>;

/** A strip of `total` days of which the `done` newest are filled. `valueText` is read by screen readers. */
export function Strip(props: {
  label: string;
  valueText: string;
  done: number;
  total: number;
  status?: StreamProgress["status"];
  /** Number of newest days that every sync reads again. */
  again?: number;
}): JSX.Element {
  const share = () => (props.total > 0 ? Math.min(1, props.done / props.total) : 1);
  return (
    <div
      class={styles.strip}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.total}
      aria-valuenow={props.done}
      aria-valuetext={props.valueText}
      data-status={props.status}
      style={{ "--bare": `${(1 - share()) * 100}%`, "--days": props.total }}
    >
      <i class={styles.done} />
      <Show when={props.status === "running" && share() < 1}>
        <i class={styles.edge} />
      </Show>
      <Show when={props.again}>
        {(days) => (
          <i class={styles.reread} style={{ width: `${Math.min(1, days() / props.total) * 100}%` }} />
        )}
      </Show>
    </div>
  );
}

/** Formats the progress of one stream. */
export function progressText(stream: StreamProgress, timezone: string): string {
  const records = counted(stream.records, "record", locale());
  switch (stream.status) {
    case "pending":
      return "queued";
    case "rate_limited":
      return stream.waiting_until === null
        ? `${records}, rate limited`
        : `${records}, resumes at ${moment(stream.waiting_until, locale(), timezone, { timeStyle: "short" })}`;
    case "incomplete":
      return `${records}, incomplete`;
    default:
      return stream.total === null || stream.status === "complete"
        ? records
        : `${exact(stream.done, locale())} of ${exact(stream.total, locale())}, ${records}`;
  }
}

/** All streams of a run, one line each; streams that sync by day first. */
export function ProgressStrip(props: {
  progress: SyncProgress;
  names: StreamNames;
  timezone: string;
  /** Whether to label the days under the strips. */
  axis?: boolean;
}): JSX.Element {
  const ordered = () =>
    props.progress.toSorted((a, b) => Number(a.total === null) - Number(b.total === null));
  return (
    <div class={styles.progress}>
      <For each={ordered()}>
        {(stream) => (
          <div class={styles.line} data-status={stream.status}>
            <span class={styles.name}>{props.names.get(stream.stream) ?? stream.stream}</span>
            <Show when={stream.total !== null} fallback={<Count stream={stream} {...props} />}>
              <Strip
                label={props.names.get(stream.stream) ?? stream.stream}
                valueText={progressText(stream, props.timezone)}
                done={stream.status === "complete" ? (stream.total ?? 0) : stream.done}
                total={stream.total ?? FIRST_DAYS}
                status={stream.status}
              />
            </Show>
            <span class={`${styles.words} small soft`}>{progressText(stream, props.timezone)}</span>
          </div>
        )}
      </For>
      <Show when={props.axis}>
        <DayAxis />
      </Show>
    </div>
  );
}

/** A stream whose total is not known before it ends. */
function Count(props: { stream: StreamProgress; names: StreamNames; timezone: string }): JSX.Element {
  return (
    <div
      class={`${styles.strip} ${styles.thin}`}
      role="progressbar"
      aria-label={props.names.get(props.stream.stream) ?? props.stream.stream}
      aria-valuetext={progressText(props.stream, props.timezone)}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={props.stream.status === "complete" ? 1 : undefined}
      data-status={props.stream.status}
      style={{ "--bare": props.stream.status === "complete" ? "0%" : "100%", "--days": FIRST_DAYS }}
    >
      <i class={styles.done} />
      <Show when={props.stream.status === "running"}>
        <i class={styles.indeterminate} />
      </Show>
    </div>
  );
}

/** Labels of the ends of the strips. */
export function DayAxis(): JSX.Element {
  return (
    <div class={`${styles.line} ${styles.axis} small soft`} aria-hidden="true">
      <span />
      <span class={styles.ends}>
        <span>{FIRST_DAYS} days ago</span>
        <span>today</span>
      </span>
      <span />
    </div>
  );
}
