/**
 * Groups comments into threads by reply, state and place.
 * @module
 */
import type { Comment } from "../../../../schema/wire/discussion";
import type { Flag } from "../../charts/flags";
import { typed } from "./mention";

/** The place of a thread: the dashboard (no widget), a widget, or a time of its chart. */
export interface Spot {
  widget: string | null;
  /** Epoch ms. */
  at: number | null;
}

/** A first comment and its replies. */
export interface Thread {
  /** Key for reconciling lists: the id of the first comment. */
  key: string;
  first: Comment;
  /** Oldest first. */
  answers: Comment[];
  isResolved: boolean;
  /** Time of the newest comment, epoch ms. */
  latest: number;
}

/** Filter of threads by state. */
export type Shown = "open" | "resolved" | "all";

/** Returns threads, most recent comment first. Includes a deleted first comment that has replies. */
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

/** Filters threads by state and place. */
export function pick(threads: readonly Thread[], shown: Shown, spot: Spot | null): Thread[] {
  return threads.filter(
    (thread) =>
      (shown === "all" || thread.isResolved === (shown === "resolved")) &&
      (spot === null || isAt(thread, spot)),
  );
}

/** Whether a thread is at a place; a widget includes the times of its chart. */
function isAt({ first }: Thread, spot: Spot): boolean {
  return first.widget_id === spot.widget && (spot.at === null || first.at === spot.at);
}

/** Returns the open threads of a widget, or of the dashboard itself for null. */
export function openOn(threads: readonly Thread[], widget: string | null): Thread[] {
  return pick(threads, "open", { widget, at: null });
}

/** Maximum length of the text of a flag. */
const MAX_FLAG_TEXT = 80;

/** Returns the open threads at times of a chart as flags. */
export function flagsOf(threads: readonly Thread[], widget: string): Flag[] {
  return openOn(threads, widget).flatMap(({ key, first }) => {
    if (first.at === null) return [];
    const body = first.deleted_at === null ? typed(first.body) : "…";
    const text = body.length > MAX_FLAG_TEXT ? `${body.slice(0, MAX_FLAG_TEXT - 1)}…` : body;
    return [{ id: key, at: first.at, until: null, text: `${first.author.name}: ${text}`, kind: "comment" }];
  });
}
