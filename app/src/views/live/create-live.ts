/**
 * A project's live stream as signals: visitors online, recent events, state of the connection.
 * @module
 */
import { type Accessor, batch, createEffect, createSignal, onCleanup } from "solid-js";
import type { Frame, LiveEvent } from "../../../../schema/wire/live";
import { type LinkState, type LiveSocket, makeLiveSocket } from "../../client/socket";

/** Number of events in the feed; older ones are only counted. */
const FEED_SIZE = 24;
/** Engagement events: they extend sessions and are not counted as events, so the feed skips them. */
const ENGAGEMENT = "$engagement";
/** When the first connection takes longer, data loaded with the page may be out of date and is loaded again. */
const FIRST_HELLO_MS = 2000;
/** Shortest time between two updates of the feed, so that it can be read. */
const SHOW_EVERY_MS = 250;

export interface Live {
  link: Accessor<LinkState>;
  visitorsNow: Accessor<number | null>;
  eventsPerMinute: Accessor<number | null>;
  /** Newest first. */
  events: Accessor<LiveEvent[]>;
  /** Shown events of all events when there are too many to show, else null. */
  sampled: Accessor<{ kept: number; of: number } | null>;
  paused: Accessor<boolean>;
  /** Events received while the feed is paused. */
  waiting: Accessor<number>;
  setPaused: (paused: boolean) => void;
}

interface LiveListener {
  /** Called when something arrives. */
  arrived: () => void;
  /** Called when the numbers have changed and can be queried again. */
  folded: () => void;
  /** The socket connected late or again: changes made meanwhile were not received. */
  back?: () => void;
  /** Presence and changes of other users. */
  people?: (frame: PeopleFrame) => void;
  /** Progress and end of a source's sync. */
  sources?: (frame: SourcesFrame) => void;
  /** The viewed dashboard, shown to other viewers. */
  dashboard?: Accessor<string | null>;
}
type SourcesFrame = Extract<Frame, { type: "synced" | "syncing" }>;
type PeopleFrame = Extract<Frame, { type: "presence" | "changed" }>;

/** Subscribes to `project` until the owner is disposed. Does nothing on the server. */
export function createLive(project: Accessor<string>, listener: LiveListener): Live {
  const [link, setLink] = createSignal<LinkState>("connecting");
  const [visitorsNow, setVisitorsNow] = createSignal<number | null>(null);
  const [eventsPerMinute, setRate] = createSignal<number | null>(null);
  const [events, setEvents] = createSignal<LiveEvent[]>([]);
  const [sampled, setSampled] = createSignal<{ kept: number; of: number } | null>(null);
  const [paused, setPaused] = createSignal(false);
  const [waiting, setWaiting] = createSignal(0);
  let backlog: LiveEvent[] = [];
  let wasConnected = false;
  let openedAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = () => {
    timer = undefined;
    if (paused() || backlog.length === 0) return;
    setEvents((shown) => [...backlog, ...shown].slice(0, FEED_SIZE));
    backlog = [];
  };
  const withoutEngagement = (events: LiveEvent[]) => events.filter(({ event }) => event !== ENGAGEMENT);
  const receive = (received: LiveEvent[]) => {
    const known = new Set([...backlog, ...events()].map((event) => event.event_id));
    const added = withoutEngagement(received)
      .filter((event) => !known.has(event.event_id))
      .reverse();
    backlog = [...added, ...backlog].slice(0, FEED_SIZE);
    if (paused()) setWaiting((count) => count + added.length);
    else timer ??= setTimeout(show, SHOW_EVERY_MS);
  };
  const on = (frame: Frame) => {
    if (frame.type === "hello") {
      setEvents(
        withoutEngagement(frame.recent)
          .sort((a, b) => b.timestamp - a.timestamp)
          .slice(0, FEED_SIZE),
      );
      setVisitorsNow(frame.visitors_now);
      if (wasConnected || Date.now() - openedAt > FIRST_HELLO_MS) {
        listener.folded();
        listener.back?.();
      }
      wasConnected = true;
    } else if (frame.type === "events") {
      listener.arrived();
      receive(frame.events);
    } else if (frame.type === "stats") {
      setVisitorsNow(frame.visitors_now);
      setRate(frame.events_per_minute);
    } else if (frame.type === "sampled") setSampled(frame.kept < frame.of ? frame : null);
    else if (frame.type === "presence" || frame.type === "changed") listener.people?.(frame);
    else {
      if (frame.type !== "folded") listener.sources?.(frame);
      if (frame.type !== "syncing") listener.folded();
    }
  };
  createEffect(() => {
    openedAt = Date.now();
    const socket: LiveSocket = makeLiveSocket(project(), {
      frame: (frame) => batch(() => on(frame)),
      state: setLink,
    });
    createEffect(() => socket.at(listener.dashboard?.() ?? null));
    onCleanup(() => {
      socket.close();
      clearTimeout(timer);
      wasConnected = false;
      backlog = [];
      setEvents([]);
      setVisitorsNow(null);
    });
  });

  return {
    link,
    visitorsNow,
    eventsPerMinute,
    events,
    sampled,
    paused,
    waiting,
    setPaused(next) {
      setPaused(next);
      if (next) return;
      setWaiting(0);
      show();
    },
  };
}
