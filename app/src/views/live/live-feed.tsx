/**
 * Recent events as they arrive. Can be paused; announced to screen readers at most every ten seconds.
 * @module
 */
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type { LiveEvent } from "../../../../schema/wire/live";
import { createThrottle } from "../../primitives/throttle";
import { Button } from "../../ui/button";
import { codeName, counted, moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import type { Live } from "./create-live";
import styles from "./live.module.css";

const SPOKEN_EVERY_MS = 10_000;

/** The feed, newest first. */
export function LiveFeed(props: { live: Live; timezone: string }): JSX.Element {
  return (
    <section class={`panel ${styles.feed}`} id="live" tabindex="-1" aria-label="Live feed">
      <div class="panel-head">
        <h2 class={styles.feedTitle}>
          <i class={styles.pulse} data-link={props.live.link()} />
          Now
        </h2>
        <Rate live={props.live} />
        <PauseButton live={props.live} />
      </div>
      <Show when={props.live.events().length > 0} fallback={<Quiet live={props.live} />}>
        <ol class={styles.feedRows}>
          <For each={props.live.events()}>
            {(event) => <FeedRow event={event} timezone={props.timezone} />}
          </For>
        </ol>
      </Show>
      <Spoken live={props.live} />
    </section>
  );
}

function Rate(props: { live: Live }): JSX.Element {
  return (
    <p class={`small soft ${styles.feedRate}`}>
      <Show when={props.live.eventsPerMinute() !== null}>
        {counted(props.live.eventsPerMinute() ?? 0, "event", locale())} per minute
      </Show>
      <Show when={props.live.sampled()}>
        {(share) => ` · showing ${share().kept} of ${share().of}, too many to show all`}
      </Show>
    </p>
  );
}

function PauseButton(props: { live: Live }): JSX.Element {
  return (
    <Button
      size="s"
      aria-pressed={props.live.paused()}
      onClick={() => props.live.setPaused(!props.live.paused())}
    >
      <Icon name={props.live.paused() ? "play" : "pause"} size={16} />
      {props.live.paused()
        ? `Resume${props.live.waiting() ? ` (${props.live.waiting()} new)` : ""}`
        : "Pause"}
    </Button>
  );
}

function Quiet(props: { live: Live }): JSX.Element {
  const words = () =>
    ({
      connecting: "Connecting.",
      open: "No events in the last minutes. New events appear within a second.",
      waiting: "Connection lost. Reconnecting; the data above is still correct.",
      full: "Too many live viewers of this project. Retrying shortly.",
      refused: "The live connection was refused. Try signing in again; the data above is not affected.",
    })[props.live.link()];
  return (
    <div class="nothing soft">
      <p>{words()}</p>
    </div>
  );
}

function FeedRow(props: { event: LiveEvent; timezone: string }): JSX.Element {
  const event = () => props.event;
  const place = () =>
    [event().city, event().country && codeName(event().country ?? "", "region", locale())]
      .filter(Boolean)
      .join(", ");
  const properties = () =>
    Object.entries(event().properties ?? {}).map(([key, value]) => ({
      key,
      value: typeof value === "string" ? value : JSON.stringify(value),
    }));
  const everything = () => properties().map(({ key, value }) => `${key} ${value}`);
  return (
    <li class={styles.feedRow}>
      <time datetime={new Date(event().timestamp).toISOString()}>
        {moment(event().timestamp, locale(), props.timezone, {
          hour: "2-digit",
          minute: "2-digit",
          second: "2-digit",
        })}
      </time>
      <b class={styles.feedName}>{event().event}</b>
      <span class={styles.feedPath}>{event().path ?? ""}</span>
      <span class={styles.feedProps} title={everything().join("\n")}>
        <For each={properties()}>
          {({ key, value }) => (
            <code>
              <span class="soft">{key}</span> {value}
            </code>
          )}
        </For>
      </span>
      <span class={`soft ${styles.feedWho}`}>
        {[event().source, place(), event().browser].filter(Boolean).join(" · ")}
      </span>
    </li>
  );
}

/** Summary of new events for screen readers. */
function Spoken(props: { live: Live }): JSX.Element {
  const [words, setWords] = createSignal("");
  const newest = createMemo(() => props.live.events()[0]);
  const speak = createThrottle(() => {
    const event = newest();
    if (event) setWords(`${event.event}${event.path ? ` on ${event.path}` : ""}`);
  }, SPOKEN_EVERY_MS);
  createEffect(on(newest, speak, { defer: true }));
  return (
    <p class="visually-hidden" aria-live="polite">
      {words()}
    </p>
  );
}
