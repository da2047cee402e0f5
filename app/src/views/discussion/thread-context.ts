/**
 * The discussion of a dashboard as signals: threads, the selected place and other viewers.
 * @module
 */
import { createAsyncStore, revalidate } from "@solidjs/router";
import { type Accessor, createContext, createMemo, createSignal, useContext } from "solid-js";
import type { Presence } from "../../../../schema/wire/discussion";
import type { Frame } from "../../../../schema/wire/live";
import type { Role } from "../../../../schema/wire/organization";
import { annotations, comments } from "../../client/discussion";
import { dataOf, problemOf } from "../../client/http";
import type { Person } from "./mention";
import { type Spot, type Thread, threadsOf } from "./threads";

/** Data of the page that the discussion needs. */
export interface DiscussionSubject {
  project: string;
  dashboard: string;
  timezone: string;
  /** The current user. */
  me: Person & { role: Role };
  /** Members of the organization, for mentions. */
  people: Person[];
  /** Returns the title of a widget; undefined after its deletion. */
  widgetTitle: (widget: string) => string | undefined;
}

export interface DiscussionState {
  about: Accessor<DiscussionSubject>;
  threads: Accessor<Thread[]>;
  /** Problem of loading the threads. */
  problem: Accessor<{ title: string; detail?: string } | undefined>;
  isOpen: Accessor<boolean>;
  setOpen: (open: boolean) => void;
  /** The selected place; null for the whole dashboard. */
  spot: Accessor<Spot | null>;
  /** Opens the panel at a place. */
  select: (spot: Spot | null) => void;
  /** Others who have this dashboard open. */
  here: Accessor<Presence[]>;
  /** Handles a frame of the live socket. */
  handleFrame: (frame: Frame) => void;
  /** Reloads the comments. */
  reload: () => Promise<void>;
}

/** Creates the discussion of the dashboard of `about`; follows its changes. */
export function createDiscussion(about: Accessor<DiscussionSubject>): DiscussionState {
  const [isOpen, setOpen] = createSignal(false);
  const [spot, setSpot] = createSignal<Spot | null>(null);
  const [present, setPresent] = createSignal<Presence[]>([]);
  const answer = createAsyncStore(() => comments(about().project, about().dashboard), {
    reconcile: { key: "id" },
  });
  const threads = createMemo<Thread[]>((last) => {
    const loaded = dataOf(answer());
    return loaded ? threadsOf(loaded.data) : last;
  }, []);
  const reload = () => revalidate(comments.keyFor(about().project, about().dashboard));
  return {
    about,
    threads,
    problem: () => problemOf(answer()),
    isOpen,
    setOpen,
    spot,
    select(next) {
      setSpot(next);
      setOpen(true);
    },
    here: createMemo(() => othersHere(present(), about())),
    reload,
    handleFrame(frame) {
      if (frame.type === "presence") setPresent(frame.people);
      if (frame.type !== "changed") return;
      if (frame.what === "comments") void reload();
      if (frame.what === "annotations") void revalidate(annotations.key);
    },
  };
}

/** Returns other viewers, each once, without the current user. */
export function othersHere(
  present: readonly Presence[],
  { dashboard, me }: Pick<DiscussionSubject, "dashboard" | "me">,
): Presence[] {
  const viewers = present.filter(
    ({ dashboard_id, user_id }) => dashboard_id === dashboard && user_id !== me.user_id,
  );
  return [...new Map(viewers.map((person) => [person.user_id, person])).values()];
}

export const DiscussionContext = createContext<DiscussionState>();

/** Returns the discussion of the page; undefined without one, as on a public page. */
export function useDiscussion(): DiscussionState | undefined {
  return useContext(DiscussionContext);
}
