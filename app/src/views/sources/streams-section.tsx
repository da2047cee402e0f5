/**
 * Streams of a source: rows, range, freshness and what each sync reads again.
 * @module
 */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { SourceStream } from "../../../../schema/wire/source";
import { createMutation } from "../../client/mutation";
import { resetStream, runs, source } from "../../client/sources";
import { Button } from "../../ui/button";
import { addDays, dayIn, dayText } from "../../ui/clock";
import { Dialog } from "../../ui/dialog";
import { ago, counted, exact } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Help } from "../../ui/popover";
import { ProblemNotice } from "../../ui/problem";
import { exactMoment } from "./connected";
import type { ActiveRun } from "./live";
import { DayAxis, ProgressStrip, Strip } from "./progress-strip";
import progressStripStyles from "./progress-strip.module.css";
import sectionStyles from "./section.module.css";
import { driverOf, streamNames } from "./setting";
import type { SourceProps } from "./source-props";
import styles from "./streams-section.module.css";
import tableStyles from "./table.module.css";

const DAY_MS = 86_400_000;
/** Days that the strips show. */
const SHOWN_DAYS = 90;

/** The streams; those by days as strips of the last 90, unless the first read `isWatched` above. */
export function StreamsSection(
  props: SourceProps & { active: ActiveRun | undefined; isWatched: boolean },
): JSX.Element {
  const [resetting, setResetting] = createSignal<SourceStream>();
  const driver = () => driverOf(props.setting, props.source.driver);
  const byDays = () => props.source.streams.filter(({ mode }) => mode === "daily");
  return (
    <section class={sectionStyles.section} aria-labelledby="streams">
      <div class={sectionStyles.head}>
        <h2 id="streams">Streams</h2>
      </div>
      <Show when={!props.isWatched && props.active}>
        {(run) => (
          <div class={`panel ${styles.progress}`}>
            <ProgressStrip
              progress={run().progress}
              names={streamNames(driver())}
              timezone={props.setting.project.timezone}
            />
          </div>
        )}
      </Show>
      <Show when={byDays().length > 0 && !props.active && !props.isWatched}>
        <div class={`panel ${styles.progress}`}>
          <For each={byDays()}>
            {(stream) => (
              <DayStrip stream={stream} timezone={props.setting.project.timezone} now={props.now} />
            )}
          </For>
          <DayAxis />
        </div>
      </Show>
      <div class={`panel ${tableStyles.scroll}`}>
        <table class={tableStyles.table}>
          <thead>
            <tr>
              <th scope="col">Stream</th>
              <th scope="col" class={tableStyles.amount}>
                Rows
              </th>
              <th scope="col">
                <span class={sectionStyles.withHelp}>
                  Synced up to
                  <Help about="synced up to">
                    All data up to this time is synced for every selected account.
                  </Help>
                </span>
              </th>
              <th scope="col">Synced from</th>
              <th scope="col">Each sync re-reads</th>
              <th scope="col">
                <span class="visually-hidden">Reset</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.source.streams}>
              {(stream) => (
                <StreamRow
                  stream={stream}
                  timezone={props.setting.project.timezone}
                  now={props.now}
                  onReset={props.setting.mayRun ? () => setResetting(stream) : undefined}
                />
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Dialog
        open={resetting() !== undefined}
        title={`Re-sync ${resetting()?.label ?? ""}`}
        onClose={() => setResetting(undefined)}
      >
        <Show when={resetting()}>
          {(stream) => (
            <Reset stream={stream()} source={props.source} onClose={() => setResetting(undefined)} />
          )}
        </Show>
      </Dialog>
    </section>
  );
}

function StreamRow(props: {
  stream: SourceStream;
  timezone: string;
  now: number;
  onReset: (() => void) | undefined;
}): JSX.Element {
  const again = () => {
    const { restate_days, mode } = props.stream;
    if (restate_days !== null) return `last ${counted(restate_days, "day", locale())}`;
    return mode === "snapshot" ? "everything" : "changes";
  };
  return (
    <tr>
      <th scope="row">
        <b>{props.stream.label}</b>
        <span class="small soft">{props.stream.description}</span>
      </th>
      <td class={tableStyles.amount} data-label="Rows">
        {exact(props.stream.rows, locale())}
      </td>
      <td data-label="Synced up to" title={exactMoment(props.stream.complete_until, props.timezone)}>
        {props.stream.complete_until === null
          ? "not yet"
          : ago(props.stream.complete_until, props.now, locale())}
      </td>
      <td data-label="Synced from">
        {props.stream.read_from === null
          ? "–"
          : dayText(props.stream.read_from, locale(), { dateStyle: "medium" })}
      </td>
      <td data-label="Each sync re-reads">{again()}</td>
      <td class={tableStyles.actions}>
        <Show when={props.onReset}>
          {(reset) => (
            <Button
              size="s"
              kind="quiet"
              onClick={() => reset()()}
              aria-label={`Re-sync ${props.stream.label}`}
            >
              Re-sync
            </Button>
          )}
        </Show>
      </td>
    </tr>
  );
}

/** The last 90 days of a stream, filled as far back as they are synced. */
function DayStrip(props: { stream: SourceStream; timezone: string; now: number }): JSX.Element {
  const today = () => dayIn(props.now, props.timezone);
  const days = () => {
    const { read_from } = props.stream;
    if (read_from === null) return 0;
    return Math.round((Date.parse(addDays(today(), 1)) - Date.parse(read_from)) / DAY_MS);
  };
  const text = () =>
    days() > SHOWN_DAYS
      ? counted(days(), "day", locale())
      : `${exact(Math.max(0, days()), locale())} of ${SHOWN_DAYS} days`;
  const again = () =>
    props.stream.restate_days === null ? "" : `, each sync re-reads the last ${props.stream.restate_days}`;
  return (
    <div class={progressStripStyles.line}>
      <span class={progressStripStyles.name}>{props.stream.label}</span>
      <Strip
        label={props.stream.label}
        valueText={`${text()}${again()}`}
        done={Math.max(0, Math.min(SHOWN_DAYS, days()))}
        total={SHOWN_DAYS}
        again={props.stream.restate_days ?? undefined}
      />
      <span class={`${progressStripStyles.words} small soft`}>{text()}</span>
    </div>
  );
}

function Reset(props: {
  stream: SourceStream;
  source: { project_id: string; id: string };
  onClose: () => void;
}): JSX.Element {
  const reset = createMutation(
    () => resetStream(props.source.project_id, props.source.id, props.stream.name),
    { revalidate: [source.key, runs.key], onSuccess: () => props.onClose() },
  );
  return (
    <div class="form">
      <ProblemNotice problem={reset.problem()} />
      <p>
        All data of {props.stream.label} is read from the platform again. Current rows stay in use until the
        re-sync is complete, then they are replaced in one step.
      </p>
      <p class="soft">
        Use this when the platform has revised numbers older than the days each sync re-reads. Canceling loses
        no data.
      </p>
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="main" busy={reset.pending() ? "Starting" : undefined} onClick={reset.run}>
          Re-sync
        </Button>
      </div>
    </div>
  );
}
