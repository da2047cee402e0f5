/**
 * A dashboard's conversation as signals: its threads, which of them are looked at, who else is here.
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

/** What the page knows and the conversation needs. */
export interface TalkAbout {
  project: string;
  dashboard: string;
  timezone: string;
  /** The reader. */
  me: Person & { role: Role };
  /** Members of the organisation, for mentions. */
  people: Person[];
  /** What a widget is called; undefined once it is gone. */
  widgetTitle: (widget: string) => string | undefined;
}

export interface Talk {
  about: Accessor<TalkAbout>;
  threads: Accessor<Thread[]>;
  /** What came in the way of loading them. */
  problem: Accessor<{ title: string; detail?: string } | undefined>;
  isOpen: Accessor<boolean>;
  setOpen: (open: boolean) => void;
  /** The spot that is looked at; null is the whole dashboard with all of its widgets. */
  spot: Accessor<Spot | null>;
  /** Opens the panel at a spot. */
  lookAt: (spot: Spot | null) => void;
  /** Others who have this dashboard open. */
  here: Accessor<Presence[]>;
  /** Takes a frame of the live socket. */
  hear: (frame: Frame) => void;
  /** Asks for the comments again. */
  renew: () => Promise<void>;
}

/** Makes the conversation of the dashboard that `about` names; it follows when that changes. */
export function createTalk(about: Accessor<TalkAbout>): Talk {
  const [isOpen, setOpen] = createSignal(false);
  const [spot, setSpot] = createSignal<Spot | null>(null);
  const [present, setPresent] = createSignal<Presence[]>([]);
  const answer = createAsyncStore(() => comments(about().project, about().dashboard), {
    reconcile: { key: "id" },
  });
  const threads = createMemo<Thread[]>((last) => {
    const said = dataOf(answer());
    return said ? threadsOf(said.data) : last;
  }, []);
  const renew = () => revalidate(comments.keyFor(about().project, about().dashboard));
  return {
    about,
    threads,
    problem: () => problemOf(answer()),
    isOpen,
    setOpen,
    spot,
    lookAt(next) {
      setSpot(next);
      setOpen(true);
    },
    here: createMemo(() => othersHere(present(), about())),
    renew,
    hear(frame) {
      if (frame.type === "presence") setPresent(frame.people);
      if (frame.type !== "changed") return;
      if (frame.what === "comments") void renew();
      if (frame.what === "annotations") void revalidate(annotations.key);
    },
  };
}

/** Each person once, however many windows they have open, without the reader. */
export function othersHere(
  present: readonly Presence[],
  { dashboard, me }: Pick<TalkAbout, "dashboard" | "me">,
): Presence[] {
  const there = present.filter(
    ({ dashboard_id, user_id }) => dashboard_id === dashboard && user_id !== me.user_id,
  );
  return [...new Map(there.map((person) => [person.user_id, person])).values()];
}

export const TalkContext = createContext<Talk>();

/** The conversation around; undefined where there is none, as on a public page. */
export function useTalk(): Talk | undefined {
  return useContext(TalkContext);
}
