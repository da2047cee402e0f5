/**
 * Progress of running syncs: frames of the live socket, on top of what the page was loaded with.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import type { SyncingFrame } from "../../../../schema/wire/live";
import type { Source, SyncProgress, SyncRun } from "../../../../schema/wire/source";
import { dataOf } from "../../client/http";
import { notices, quality, runs, source, sources } from "../../client/sources";
import { createThrottle } from "../../primitives/throttle";
import { createLive } from "../live/create-live";
import { useFrame } from "../shell/frame";
import { isRunning } from "./labels";

/** Shortest time between two reloads of the data while many sources sync at once. */
const RELOAD_EVERY_MS = 1500;
/** A running sync without a frame for this long is loaded again: its last frame may not have arrived. */
const SILENCE_MS = 15_000;

/** Running syncs as the live socket reports them. */
export interface Syncing {
  /** The latest frame of a source. */
  frameOf: (source: string) => SyncingFrame | undefined;
  /** Forgets all frames and loads the data of the source pages. */
  reload: () => void;
}

/** Subscribes to `project` until the owner is disposed, and reloads the data of the source pages when a sync ends. */
export function createSyncing(project: Accessor<string>): Syncing {
  const frame = useFrame();
  const [frames, setFrames] = createSignal<ReadonlyMap<string, SyncingFrame>>(new Map());
  const load = createThrottle(() => {
    void revalidate([sources.key, source.key, runs.key, quality.key, notices.key]);
  }, RELOAD_EVERY_MS);
  const reload = () => {
    setFrames(new Map());
    load();
  };
  createLive(project, {
    arrived: frame.arrived,
    folded: () => {},
    back: reload,
    sources(update) {
      frame.arrived();
      if (update.type === "syncing") setFrames((known) => new Map(known).set(update.source, update));
      if (update.type === "synced" || !isRunning(update)) load();
    },
  });
  return { frameOf: (source) => frames().get(source), reload };
}

/** A run in progress. */
export type ActiveRun = Pick<SyncRun, "id" | "status" | "progress">;

/**
 * Returns the run of `of` that is in progress: from the latest frame, else from the list of runs. Undefined while none runs.
 */
export function createActiveRun(of: Accessor<Source>, syncing: Syncing): Accessor<ActiveRun | undefined> {
  const listed = createAsync(async () => {
    const { running, project_id, id } = of();
    return running === null ? undefined : runs(project_id, id, null);
  });
  const active = createMemo((): ActiveRun | undefined => {
    const frame = syncing.frameOf(of().id);
    if (frame && (of().running === frame.run || isRunning(frame)))
      return isRunning(frame) ? { id: frame.run, status: frame.status, progress: frame.progress } : undefined;
    const { running } = of();
    return running === null ? undefined : dataOf(listed.latest)?.data.find(({ id }) => id === running);
  });
  createEffect(() => {
    if (!active()) return;
    const timer = setInterval(syncing.reload, SILENCE_MS);
    onCleanup(() => clearInterval(timer));
  });
  return active;
}

/** Returns the share of a run's days that is synced, 0 to 1; null when no stream counts days. */
export function syncedShare(progress: SyncProgress): number | null {
  const counted = progress.filter(({ total }) => total !== null);
  const total = counted.reduce((sum, each) => sum + (each.total ?? 0), 0);
  const done = counted.reduce(
    (sum, each) => sum + (each.status === "complete" ? (each.total ?? 0) : each.done),
    0,
  );
  return total > 0 ? done / total : null;
}

const STEPS = [0.25, 0.5, 0.75];

/** Status text for screen readers; it changes at every quarter of the run, not at every day. */
export function createProgressText(
  active: Accessor<ActiveRun | undefined>,
  name: Accessor<string>,
): Accessor<string> {
  const [text, setText] = createSignal("");
  const step = () => {
    const run = active();
    if (!run) return "none";
    const share = syncedShare(run.progress) ?? 0;
    return String(STEPS.filter((each) => share >= each).length);
  };
  createEffect(
    on(step, (now, before) => {
      if (before === undefined || now === before) return;
      if (now === "none") setText(`${name()}: sync finished.`);
      else if (now === "0") setText(`${name()}: sync started.`);
      else setText(`${name()}: ${Number(now) * 25} % synced.`);
    }),
  );
  return text;
}
