/**
 * Syncs as they go on: what the live socket says of them, over what the server knew when the page was asked for.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { type Accessor, createEffect, createSignal, on } from "solid-js";
import type { SyncingFrame } from "../../../../schema/wire/live";
import type { Source, SyncProgress, SyncRun } from "../../../../schema/wire/source";
import { dataOf } from "../../client/http";
import { notices, quality, runs, source, sources } from "../../client/sources";
import { createThrottle } from "../../primitives/throttle";
import { createLive } from "../live/create-live";
import { useFrame } from "../shell/frame";
import { isGoing } from "./labels";

/** How often the page is asked for again while many sources move at once. */
const RENEW_EVERY_MS = 1500;

/** The last word on every source that is being read, by its id. */
export type Syncing = Accessor<ReadonlyMap<string, SyncingFrame>>;

/** Listens to `project` while the owner lives, and renews what the pages about sources show. */
export function createSyncing(project: Accessor<string>): Syncing {
  const frame = useFrame();
  const [heard, setHeard] = createSignal<ReadonlyMap<string, SyncingFrame>>(new Map());
  const renew = createThrottle(() => {
    void revalidate([sources.key, source.key, runs.key, quality.key, notices.key]);
  }, RENEW_EVERY_MS);
  createLive(project, {
    arrived: frame.arrived,
    folded: () => {},
    back: renew,
    sources(said) {
      frame.arrived();
      if (said.type === "syncing") setHeard((known) => new Map(known).set(said.source, said));
      if (said.type === "synced" || !isGoing(said)) renew();
    },
  });
  return heard;
}

/** A run under way. */
export type Going = Pick<SyncRun, "id" | "status" | "progress">;

/**
 * The run of `of` that is under way: what the socket said last, else what the list of runs says. Undefined while nothing is
 * being read.
 */
export function createGoing(of: Accessor<Source>, syncing: Syncing): Accessor<Going | undefined> {
  const listed = createAsync(async () => {
    const { running, project_id, id } = of();
    return running === null ? undefined : runs(project_id, id, null);
  });
  const said = () => syncing().get(of().id);
  return () => {
    const frame = said();
    if (frame && (of().running === frame.run || isGoing(frame)))
      return isGoing(frame) ? { id: frame.run, status: frame.status, progress: frame.progress } : undefined;
    const { running } = of();
    return running === null ? undefined : dataOf(listed.latest)?.data.find(({ id }) => id === running);
  };
}

/** How much of a run's days is read, 0 to 1; null where no stream counts days. */
export function shareRead(progress: SyncProgress): number | null {
  const counted = progress.filter(({ total }) => total !== null);
  const total = counted.reduce((sum, each) => sum + (each.total ?? 0), 0);
  const done = counted.reduce(
    (sum, each) => sum + (each.status === "complete" ? (each.total ?? 0) : each.done),
    0,
  );
  return total > 0 ? done / total : null;
}

const STEPS = [0.25, 0.5, 0.75];

/** A sentence for readers who do not see the strip: it changes at every quarter, not at every day. */
export function createProgressNews(
  going: Accessor<Going | undefined>,
  name: Accessor<string>,
): Accessor<string> {
  const [news, setNews] = createSignal("");
  const step = () => {
    const run = going();
    if (!run) return "none";
    const share = shareRead(run.progress) ?? 0;
    return String(STEPS.filter((each) => share >= each).length);
  };
  createEffect(
    on(step, (now, before) => {
      if (before === undefined || now === before) return;
      if (now === "none") setNews(`${name()} is read.`);
      else if (now === "0") setNews(`${name()} is being read.`);
      else setNews(`${name()}: ${Number(now) * 25} % of the days are read.`);
    }),
  );
  return news;
}
