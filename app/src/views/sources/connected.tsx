/**
 * One connected source as a line: how it stands, how fresh it is, how right, and the cloth growing while it is read.
 * @module
 */
import { type JSX, Show, Suspense } from "solid-js";
import type { Source } from "../../../../schema/wire/source";
import { ago, counted, moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import styles from "./connected.module.css";
import { everyWords, standing, troubleWords } from "./labels";
import { createGoing, createProgressNews, type Syncing } from "./live";
import { Weaving } from "./progress-strip";
import { QualityMark } from "./quality-mark";
import { driverOf, type SourcesSetting, streamNames } from "./setting";
import statusStyles from "./status.module.css";
import { Swatch } from "./vendor-badge";

/** A line of the list. */
export function Connected(props: {
  source: Source;
  setting: SourcesSetting;
  syncing: Syncing;
  now: number;
}): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const going = createGoing(() => props.source, props.syncing);
  const stands = () => standing(props.source, going() !== undefined, props.now, locale());
  const news = createProgressNews(going, () => props.source.name);
  const trouble = () =>
    props.source.status === "broken" && props.source.error
      ? troubleWords(props.source.error, driver()?.label ?? props.source.name)
      : undefined;
  return (
    <li class={styles.line}>
      <Swatch badge={driver()?.badge} />
      <div class={styles.what}>
        <h2>
          <a href={`/projects/${props.setting.project.id}/sources/${props.source.id}`}>{props.source.name}</a>
        </h2>
        <p class="small soft">{whatIsRead(props.source, driver()?.label)}</p>
        <Show when={trouble()}>{(words) => <p class="small">{words().title}</p>}</Show>
      </div>
      <dl class={styles.facts}>
        <div>
          <dt>State</dt>
          <dd class={statusStyles.status} data-mood={stands().mood}>
            <Icon name={stands().icon} size={16} />
            {stands().word}
          </dd>
        </div>
        <div>
          <dt>Last read</dt>
          <dd title={exactMoment(props.source.synced_at, props.setting.project.timezone)}>
            {props.source.synced_at === null ? "never" : ago(props.source.synced_at, props.now, locale())}
          </dd>
        </div>
        <div>
          <dt>Next</dt>
          <dd title={`Read ${everyWords(props.source.interval_minutes, locale())}`}>
            <Next source={props.source} now={props.now} isGoing={going() !== undefined} />
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
        <Show when={going()}>
          {(run) => (
            <div class={styles.progress}>
              <Weaving
                progress={run().progress}
                names={streamNames(driver())}
                timezone={props.setting.project.timezone}
              />
            </div>
          )}
        </Show>
      </Suspense>
      <span class="visually-hidden" role="status">
        {news()}
      </span>
    </li>
  );
}

/** `Google Ads, 3 accounts`; the name of the only account. */
function whatIsRead(source: Source, label = ""): string {
  const read = source.accounts.filter(({ selected }) => selected);
  const accounts = read.length === 1 ? (read[0]?.name ?? "") : counted(read.length, "account", locale());
  const vendor = label === source.name ? "" : label;
  return [vendor, read.length > 0 ? accounts : ""].filter(Boolean).join(", ");
}

/** A moment in full; undefined for none. */
export function exactMoment(time: number | null, timezone: string): string | undefined {
  if (time === null) return undefined;
  return `${moment(time, locale(), timezone, { dateStyle: "medium", timeStyle: "short" })}, ${timezone}`;
}

function Next(props: { source: Source; now: number; isGoing: boolean }): JSX.Element {
  const words = () => {
    const { status, next_sync_at } = props.source;
    if (props.isGoing) return "under way";
    if (status !== "active" || next_sync_at === null) return "–";
    return next_sync_at <= props.now ? "any moment" : ago(next_sync_at, props.now, locale());
  };
  return <>{words()}</>;
}
