/**
 * What may be done with comments, and by whom. Callers have checked that the person may see the dashboard.
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
import {
  emptyComment,
  insertAnswer,
  insertFirst,
  readComment,
  readEdits,
  readThreads,
  replaceBody,
  resolveThread,
  type ThreadFilter,
} from "./comment-store";
import { mentionedIn } from "./mentions";
import { type Member, membersAmong } from "./people-store";

/** Where is talked, and who talks. */
export interface Talk {
  organization: string;
  dashboard: string;
  user: string;
  role: Role;
}

/** A comment that was written, and the members, other than its author, whom it newly mentions. */
export interface Said {
  comment: Comment;
  mentioned: Member[];
}

/** A comment to be made; its dashboard stands in the path. */
export type Wanted = Omit<z.output<typeof commentCreateSchema>, "dashboard_id">;

/** A page of threads, newest first. */
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

/** Says something. An answer hangs where its thread does. */
export async function addComment(
  control: D1Database,
  talk: Talk,
  { widget_id, at, parent_id, body }: Wanted,
  now: number,
): Promise<Said | Refusal> {
  const members = await mentionsOf(control, talk.organization, body);
  if (isRefusal(members)) return members;
  const id = ulid(now).toLowerCase();
  const mentions = members.map(({ user_id }) => user_id);
  const comment = { id, dashboard: talk.dashboard, widget_id, at, author: talk.user, body, mentions, now };
  if (parent_id === null) await insertFirst(control, comment);
  else if (!(await insertAnswer(control, comment, parent_id, MAX_ANSWERS))) {
    const parent = await readComment(control, talk.dashboard, parent_id);
    if (!parent) return refuse("comment_parent_gone", "The comment that this one answers is gone");
    if (parent.parent_id !== null)
      return refuse("comment_parent_is_reply", "Answer the thread's first comment");
    return refuse("thread_full", `A thread takes ${MAX_ANSWERS} answers: begin another one`);
  }
  return said(control, talk, id, members);
}

/** Another body, another state, or both. */
export type Change = z.output<typeof commentUpdateSchema>;

/**
 * Changes a comment as a whole or not at all: the body for its author alone, the state of its thread for everyone who may
 * comment. Who was mentioned before is not newly mentioned; `settled` says whether the state is another one now.
 */
export async function changeComment(
  control: D1Database,
  talk: Talk,
  id: string,
  { body, resolved }: Change,
  now: number,
): Promise<(Said & { settled: boolean }) | Refusal> {
  const before = await readComment(control, talk.dashboard, id);
  if (!before) return refuse("not_found");
  const refusal =
    (body === undefined ? null : refuseEdit(before, talk)) ??
    (resolved === undefined ? null : refuseSettling(before));
  const members = refusal ?? (await mentionsOf(control, talk.organization, body ?? ""));
  if (isRefusal(members)) return members;
  if (body !== undefined) {
    const mentions = members.map(({ user_id }) => user_id);
    const place = { edit: ulid(now).toLowerCase(), dashboard: talk.dashboard, id };
    await replaceBody(control, place, { body, mentions, now });
  }
  const by = resolved ? talk.user : null;
  const settled = resolved !== undefined && (await resolveThread(control, talk.dashboard, id, by, now));
  const known = new Set(before.mentions.map(({ user_id }) => user_id));
  const fresh = members.filter(({ user_id }) => !known.has(user_id));
  const outcome = await said(control, talk, id, fresh);
  return isRefusal(outcome) ? outcome : { ...outcome, settled };
}

function refuseEdit({ author, deleted_at }: Comment, { user }: Talk): Refusal | null {
  if (deleted_at !== null) return refuse("not_found");
  return author.user_id === user ? null : refuse("comment_not_own", "Only its author edits a comment");
}

function refuseSettling({ parent_id }: Comment): Refusal | null {
  return parent_id === null ? null : refuse("comment_not_first", "A thread is resolved at its first comment");
}

/** Takes a comment back: for its author and for admins. In a thread an empty place stays. */
export async function deleteComment(
  control: D1Database,
  talk: Talk,
  id: string,
  now: number,
): Promise<Refusal | null> {
  const comment = await readComment(control, talk.dashboard, id);
  if (!comment || comment.deleted_at !== null) return refuse("not_found");
  if (comment.author.user_id !== talk.user && !atLeast(talk.role, "admin")) {
    return refuse("comment_not_own", "Only its author or an admin deletes a comment");
  }
  await emptyComment(control, talk.dashboard, { id, first: comment.parent_id ?? id }, now);
  return null;
}

/** Earlier bodies, newest first. */
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
    return refuse("too_many_mentions", `A comment mentions ${MAX_MENTIONS} people at most`);
  }
  return membersAmong(control, organization, users);
}

async function said(
  control: D1Database,
  { dashboard, user }: Talk,
  id: string,
  members: readonly Member[],
): Promise<Said | Refusal> {
  const comment = await readComment(control, dashboard, id);
  if (!comment) return refuse("not_found");
  return { comment, mentioned: members.filter(({ user_id }) => user_id !== user) };
}
