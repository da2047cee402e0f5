/**
 * Writes comments to the control database. Every statement names the dashboard, whose project the router has checked.
 * @module
 */
import { and, eq, getTableColumns, inArray, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { commentEdits, comments } from "../../../schema/tables/content";
import { inDashboard } from "./thread-store";

/** A comment to insert. */
export interface NewComment {
  id: string;
  dashboard: string;
  widget_id: string | null;
  at: number | null;
  author: string;
  body: string;
  mentions: string[];
  now: number;
}

/** Inserts the first comment of a thread. */
export async function insertFirst(
  control: D1Database,
  { dashboard, now, ...comment }: NewComment,
): Promise<void> {
  await drizzle(control)
    .insert(comments)
    .values({ ...comment, dashboard_id: dashboard, created_at: now });
}

/**
 * Inserts a reply with the widget and time of its thread. Returns false when the thread no longer exists or has `maxAnswers`
 * replies.
 */
export async function insertAnswer(
  control: D1Database,
  { id, dashboard, author, body, mentions, now }: NewComment,
  parent: string,
  maxAnswers: number,
): Promise<boolean> {
  const db = drizzle(control);
  const answers = db.$count(
    comments,
    and(eq(comments.dashboard_id, dashboard), eq(comments.parent_id, parent)),
  );
  const answer = db
    .select({
      ...getTableColumns(comments),
      id: sql`${id}`.as("id"),
      parent_id: sql`${parent}`.as("parent_id"),
      author: sql`${author}`.as("author"),
      body: sql`${body}`.as("body"),
      mentions: sql`${JSON.stringify(mentions)}`.as("mentions"),
      created_at: sql`${now}`.as("created_at"),
      edited_at: sql`NULL`.as("edited_at"),
      deleted_at: sql`NULL`.as("deleted_at"),
      resolved_at: sql`NULL`.as("resolved_at"),
      resolved_by: sql`NULL`.as("resolved_by"),
    })
    .from(comments)
    .where(and(inDashboard(dashboard, parent), isNull(comments.parent_id), sql`${answers} < ${maxAnswers}`));
  const { meta } = await db.insert(comments).select(answer);
  return meta.changes > 0;
}

/** Replaces a body and stores the previous one; does nothing for a deleted comment or an unchanged body. */
export async function replaceBody(
  control: D1Database,
  { edit, dashboard, id }: { edit: string; dashboard: string; id: string },
  { body, mentions, now }: { body: string; mentions: string[]; now: number },
): Promise<void> {
  const db = drizzle(control);
  const isChanged = and(inDashboard(dashboard, id), isNull(comments.deleted_at), ne(comments.body, body));
  const replaced = db
    .select({
      id: sql`${edit}`.as("id"),
      comment_id: sql`${comments.id}`.as("comment_id"),
      body: comments.body,
      replaced_at: sql`${now}`.as("replaced_at"),
    })
    .from(comments)
    .where(isChanged);
  await db.batch([
    db.insert(commentEdits).select(replaced),
    db.update(comments).set({ body, mentions, edited_at: now }).where(isChanged),
  ]);
}

/** Resolves a thread, or reopens it when `by` is null. Returns whether that changed anything. */
export async function resolveThread(
  control: D1Database,
  dashboard: string,
  id: string,
  by: string | null,
  now: number,
): Promise<boolean> {
  const { meta } = await drizzle(control)
    .update(comments)
    .set({ resolved_at: by === null ? null : now, resolved_by: by })
    .where(
      and(
        inDashboard(dashboard, id),
        isNull(comments.parent_id),
        (by === null ? isNotNull : isNull)(comments.resolved_by),
      ),
    );
  return meta.changes > 0;
}

/** Empties a comment and deletes its history. Deletes a thread whose comments are all empty. */
export async function emptyComment(
  control: D1Database,
  dashboard: string,
  { id, first }: { id: string; first: string },
  now: number,
): Promise<void> {
  const db = drizzle(control);
  const inThread = and(
    eq(comments.dashboard_id, dashboard),
    or(eq(comments.id, first), eq(comments.parent_id, first)),
  );
  const own = db.select({ id: comments.id }).from(comments).where(inDashboard(dashboard, id));
  await db.batch([
    db
      .update(comments)
      .set({ body: "", mentions: [], deleted_at: now })
      .where(and(inDashboard(dashboard, id), isNull(comments.deleted_at))),
    db.delete(commentEdits).where(inArray(commentEdits.comment_id, own)),
    db
      .delete(comments)
      .where(and(inThread, sql`${db.$count(comments, and(inThread, isNull(comments.deleted_at)))} = 0`)),
  ]);
}
