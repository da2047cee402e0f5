/**
 * Operations on comments and their permissions. Callers have checked that the user can see the dashboard.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import {
  type Comment,
  type commentCreateSchema,
  type commentUpdateSchema,
  MAX_ANSWERS,
  MAX_MENTIONS,
} from "../../../schema/wire/discussion";
import type { Role } from "../../../schema/wire/organization";
import { pageOf, positionOf } from "../../lib/cursor";
import { isRefusal, type Refusal, refuse } from "../../lib/refusal";
import { atLeast } from "../../tenancy/accounts";
import { emptyComment, insertAnswer, insertFirst, replaceBody, resolveThread } from "./comment-store";
import { mentionedIn } from "./mentions";
import { type Member, membersAmong } from "./people-store";
import { readComment, readEdits, readThreads, type ThreadFilter } from "./thread-store";

/** A dashboard, and the member who comments on it. */
export interface Commenter {
  organization: string;
  dashboard: string;
  user: string;
  role: Role;
}

/** A written comment, and the newly mentioned members other than its author. */
export interface WrittenComment {
  comment: Comment;
  mentioned: Member[];
}

/** A comment to create; its dashboard is in the path. */
type CommentWanted = Omit<z.output<typeof commentCreateSchema>, "dashboard_id">;

/** Returns a page of threads, newest first. */
export async function listComments(
  control: D1Database,
  dashboard: string,
  filter: ThreadFilter,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ data: Comment[]; next_cursor: string | null }> {
  const read = { before: positionOf(cursor), limit: limit + 1 };
  const comments = await readThreads(control, dashboard, filter, read);
  const firsts = comments.filter((comment) => comment.parent_id === null);
  const { data, next_cursor } = pageOf(firsts, limit, ({ created_at, id }) => ({ at: created_at, id }));
  const shown = new Set(data.map(({ id }) => id));
  return { data: comments.filter(({ id, parent_id }) => shown.has(parent_id ?? id)), next_cursor };
}

/** Creates a comment. A reply has the widget and time of its thread. */
export async function addComment(
  control: D1Database,
  commenter: Commenter,
  { widget_id, at, parent_id, body }: CommentWanted,
  now: number,
): Promise<WrittenComment | Refusal> {
  const members = await mentionsOf(control, commenter.organization, body);
  if (isRefusal(members)) return members;
  const id = ulid(now).toLowerCase();
  const mentions = members.map(({ user_id }) => user_id);
  const comment = {
    id,
    dashboard: commenter.dashboard,
    widget_id,
    at,
    author: commenter.user,
    body,
    mentions,
    now,
  };
  if (parent_id === null) await insertFirst(control, comment);
  else if (!(await insertAnswer(control, comment, parent_id, MAX_ANSWERS))) {
    const parent = await readComment(control, commenter.dashboard, parent_id);
    if (!parent) return refuse("comment_parent_gone", "The comment to reply to no longer exists");
    if (parent.parent_id !== null)
      return refuse("comment_parent_is_reply", "`parent_id` must be the thread's first comment");
    return refuse("thread_full", `A thread can have at most ${MAX_ANSWERS} replies: start a new thread`);
  }
  return writtenComment(control, commenter, id, members);
}

/** A change of the body, of the thread's state, or both. */
type Change = z.output<typeof commentUpdateSchema>;

/**
 * Changes a comment completely or not at all: the body by its author only, the state of its thread by everyone who can
 * comment. Members who were mentioned before are not newly mentioned; `settled`: whether the state of the thread changed.
 */
export async function changeComment(
  control: D1Database,
  commenter: Commenter,
  id: string,
  { body, resolved }: Change,
  now: number,
): Promise<(WrittenComment & { settled: boolean }) | Refusal> {
  const before = await readComment(control, commenter.dashboard, id);
  if (!before) return refuse("not_found");
  const refusal =
    (body === undefined ? null : refuseEdit(before, commenter)) ??
    (resolved === undefined ? null : refuseSettling(before));
  const members = refusal ?? (await mentionsOf(control, commenter.organization, body ?? ""));
  if (isRefusal(members)) return members;
  if (body !== undefined) {
    const mentions = members.map(({ user_id }) => user_id);
    const place = { edit: ulid(now).toLowerCase(), dashboard: commenter.dashboard, id };
    await replaceBody(control, place, { body, mentions, now });
  }
  const by = resolved ? commenter.user : null;
  const settled = resolved !== undefined && (await resolveThread(control, commenter.dashboard, id, by, now));
  const known = new Set(before.mentions.map(({ user_id }) => user_id));
  const fresh = members.filter(({ user_id }) => !known.has(user_id));
  const outcome = await writtenComment(control, commenter, id, fresh);
  return isRefusal(outcome) ? outcome : { ...outcome, settled };
}

function refuseEdit({ author, deleted_at }: Comment, { user }: Commenter): Refusal | null {
  if (deleted_at !== null) return refuse("not_found");
  return author.user_id === user ? null : refuse("comment_not_own", "Only its author can edit a comment");
}

function refuseSettling({ parent_id }: Comment): Refusal | null {
  return parent_id === null
    ? null
    : refuse("comment_not_first", "Only the first comment of a thread can be resolved");
}

/** Deletes a comment, by its author or an admin. An empty comment remains in a thread. */
export async function deleteComment(
  control: D1Database,
  commenter: Commenter,
  id: string,
  now: number,
): Promise<Refusal | null> {
  const comment = await readComment(control, commenter.dashboard, id);
  if (!comment || comment.deleted_at !== null) return refuse("not_found");
  if (comment.author.user_id !== commenter.user && !atLeast(commenter.role, "admin")) {
    return refuse("comment_not_own", "Only its author or an admin can delete a comment");
  }
  await emptyComment(control, commenter.dashboard, { id, first: comment.parent_id ?? id }, now);
  return null;
}

/** Returns the earlier bodies of a comment, newest first. */
export async function historyOf(
  control: D1Database,
  dashboard: string,
  id: string,
): Promise<{ body: string; replaced_at: number }[] | Refusal> {
  const comment = await readComment(control, dashboard, id);
  return comment ? readEdits(control, id) : refuse("not_found");
}

async function mentionsOf(
  control: D1Database,
  organization: string,
  body: string,
): Promise<Member[] | Refusal> {
  const users = mentionedIn(body);
  if (users.length > MAX_MENTIONS) {
    return refuse("too_many_mentions", `A comment can mention at most ${MAX_MENTIONS} people`);
  }
  return membersAmong(control, organization, users);
}

async function writtenComment(
  control: D1Database,
  { dashboard, user }: Commenter,
  id: string,
  members: readonly Member[],
): Promise<WrittenComment | Refusal> {
  const comment = await readComment(control, dashboard, id);
  if (!comment) return refuse("not_found");
  return { comment, mentioned: members.filter(({ user_id }) => user_id !== user) };
}
