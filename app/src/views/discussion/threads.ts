/**
 * Comments as conversations: who answered whom, what is settled, where it hangs.
 * @module
 */
import type { Comment } from "../../../../schema/wire/discussion";
import type { Flag } from "../../charts/flags";
import { typed } from "./mention";

/** Where a thread hangs: the dashboard (no widget), a widget, or a moment of its chart. */
export interface Spot {
  widget: string | null;
  /** Epoch ms. */
  at: number | null;
}

/** A first comment and what was answered. */
export interface Thread {
  /** For reconciling lists; the first comment's id. */
  key: string;
  first: Comment;
  /** Oldest first. */
  answers: Comment[];
  isResolved: boolean;
  /** Epoch ms of the newest thing said. */
  latest: number;
}

/** Which threads a reader wants to see. */
export type Shown = "open" | "resolved" | "all";

/** Threads, the one with the newest word first. A deleted first comment stays as long as something answers it. */
export function threadsOf(comments: readonly Comment[]): Thread[] {
  const answers = Map.groupBy(
    comments.filter((comment) => comment.parent_id !== null),
    (comment) => comment.parent_id,
  );
  return comments
    .filter((comment) => comment.parent_id === null)
    .map((first) => threadOf(first, answers.get(first.id) ?? []))
    .filter(({ first, answers }) => first.deleted_at === null || answers.length > 0)
    .sort((a, b) => b.latest - a.latest || a.key.localeCompare(b.key));
}

function threadOf(first: Comment, answered: readonly Comment[]): Thread {
  const answers = answered
    .filter((comment) => comment.deleted_at === null)
    .sort((a, b) => a.created_at - b.created_at || a.id.localeCompare(b.id));
  return {
    key: first.id,
    first,
    answers,
    isResolved: first.resolved_at !== null,
    latest: answers.at(-1)?.created_at ?? first.created_at,
  };
}

/** Threads to show: by their state and, with a spot, those that hang there. */
export function pick(threads: readonly Thread[], shown: Shown, spot: Spot | null): Thread[] {
  return threads.filter(
    (thread) =>
      (shown === "all" || thread.isResolved === (shown === "resolved")) &&
      (spot === null || hangsAt(thread, spot)),
  );
}

/** A widget's spot takes in the moments of its chart. */
function hangsAt({ first }: Thread, spot: Spot): boolean {
  return first.widget_id === spot.widget && (spot.at === null || first.at === spot.at);
}

/** Open threads on a widget, or with null on the dashboard itself. */
export function openOn(threads: readonly Thread[], widget: string | null): Thread[] {
  return pick(threads, "open", { widget, at: null });
}

/** Characters of a comment that a flag tells. */
const TOLD = 80;

/** Open threads on moments of a widget's chart, as flags on its axis. */
export function flagsOf(threads: readonly Thread[], widget: string): Flag[] {
  return openOn(threads, widget).flatMap(({ key, first }) => {
    if (first.at === null) return [];
    const said = first.deleted_at === null ? typed(first.body) : "…";
    const text = said.length > TOLD ? `${said.slice(0, TOLD - 1)}…` : said;
    return [{ id: key, at: first.at, until: null, text: `${first.author.name}: ${text}`, kind: "comment" }];
  });
}
