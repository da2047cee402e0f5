/**
 * Reading as weaving: the warp is the days there are, cloth is what has been read. The newest day is at the selvedge on the right,
 * and the cloth grows from there.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { StreamProgress, SyncProgress } from "../../../../schema/wire/source";
import { counted, exact, moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import styles from "./progress-strip.module.css";

/** Days of a first read. */
const FIRST_DAYS = 90;

/** What a stream is called; the driver knows. */
export type StreamNames = ReadonlyMap<string, string>;

/** A strip of `total` days of which the `done` newest are woven. `words` is how it is read out. */
export function Strip(props: {
  label: string;
  words: string;
  done: number;
  total: number;
  status?: StreamProgress["status"];
  /** Newest days that every sync reads again. */
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
      aria-valuetext={props.words}
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

/** Where one stream is, in words. */
export function progressWords(stream: StreamProgress, timezone: string): string {
  const records = counted(stream.records, "record", locale());
  switch (stream.status) {
    case "pending":
      return "waits for its turn";
    case "rate_limited":
      return stream.waiting_until === null
        ? `${records}, asked to wait`
        : `${records}, goes on at ${moment(stream.waiting_until, locale(), timezone, { timeStyle: "short" })}`;
    case "incomplete":
      return `${records}, not all of it`;
    default:
      return stream.total === null || stream.status === "complete"
        ? records
        : `${exact(stream.done, locale())} of ${exact(stream.total, locale())}, ${records}`;
  }
}

/** All streams of a run, one line each; those that are read by days first. */
export function Weaving(props: {
  progress: SyncProgress;
  names: StreamNames;
  timezone: string;
  /** With the days written under the strips. */
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
                words={progressWords(stream, props.timezone)}
                done={stream.status === "complete" ? (stream.total ?? 0) : stream.done}
                total={stream.total ?? FIRST_DAYS}
                status={stream.status}
              />
            </Show>
            <span class={`${styles.words} small soft`}>{progressWords(stream, props.timezone)}</span>
          </div>
        )}
      </For>
      <Show when={props.axis}>
        <DayAxis />
      </Show>
    </div>
  );
}

/** A stream whose length is not known before its end. */
function Count(props: { stream: StreamProgress; names: StreamNames; timezone: string }): JSX.Element {
  return (
    <div
      class={`${styles.strip} ${styles.thin}`}
      role="progressbar"
      aria-label={props.names.get(props.stream.stream) ?? props.stream.stream}
      aria-valuetext={progressWords(props.stream, props.timezone)}
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

/** What the ends of the strips are. */
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
