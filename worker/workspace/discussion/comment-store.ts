/**
 * Comments in the control database. Every statement names the dashboard, whose project the router has checked.
 * @module
 */
import type { Comment } from "../../../schema/wire/discussion";
import type { Position } from "../../lib/cursor";
import { FORMER } from "./people-store";

/** A comment as it is written. */
export interface NewComment {
  id: string;
  dashboard: string;
  widget_id: string | null;
  at: number | null;
  author: string;
  body: string;
  mentions: readonly string[];
  now: number;
}

type CommentRow = Omit<Comment, "author" | "mentions" | "resolved_by"> & {
  author: string;
  author_name: string;
  mentions: string;
  resolved_by: string | null;
  resolver_name: string;
};

const COLUMNS = `c.id, c.dashboard_id, c.widget_id, c.at, c.parent_id, c.author, c.body, c.created_at, c.edited_at,
  c.deleted_at, c.resolved_at, c.resolved_by,
  coalesce((SELECT name FROM users WHERE id = c.author), '${FORMER}') AS author_name,
  coalesce((SELECT name FROM users WHERE id = c.resolved_by), '${FORMER}') AS resolver_name,
  (SELECT json_group_array(json_object('user_id', m.value, 'name', coalesce(u.name, '${FORMER}')) ORDER BY m.key)
   FROM json_each(c.mentions) m LEFT JOIN users u ON u.id = m.value) AS mentions`;

function toComment({ author_name, resolver_name, ...row }: CommentRow): Comment {
  return {
    ...row,
    author: { user_id: row.author, name: author_name },
    mentions: JSON.parse(row.mentions),
    resolved_by: row.resolved_by === null ? null : { user_id: row.resolved_by, name: resolver_name },
  };
}

/** Which threads of a dashboard are asked for. */
export interface ThreadFilter {
  widget: string | null;
  resolved: boolean | null;
}

/** Comments of up to `limit` threads older than `before`: newest thread first, its answers oldest first. */
export async function readThreads(
  control: D1Database,
  dashboard: string,
  { widget, resolved }: ThreadFilter,
  { before, limit }: { before: Position; limit: number },
): Promise<Comment[]> {
  const { results } = await control
    .prepare(
      // Joins are crossed to keep their order: the other one reads the whole dashboard once a thread.
      `WITH firsts AS (
         SELECT id, created_at FROM comments
         WHERE dashboard_id = ?1 AND parent_id IS NULL AND (created_at, id) < (?2, ?3)
           AND (?4 IS NULL OR widget_id = ?4) AND (?5 IS NULL OR (resolved_at IS NOT NULL) = ?5)
         ORDER BY created_at DESC, id DESC LIMIT ?6),
       said AS (
         SELECT id, id AS thread, created_at AS begun FROM firsts UNION ALL
         SELECT a.id, f.id, f.created_at FROM firsts f CROSS JOIN comments a
         ON a.dashboard_id = ?1 AND a.parent_id = f.id)
       SELECT ${COLUMNS} FROM said s CROSS JOIN comments c ON c.id = s.id
       ORDER BY s.begun DESC, s.thread DESC, c.parent_id IS NOT NULL, c.created_at, c.id`,
    )
    .bind(dashboard, before.at, before.id, widget, resolved === null ? null : Number(resolved), limit)
    .all<CommentRow>();
  return results.map(toComment);
}

/** One comment of the dashboard. */
export async function readComment(
  control: D1Database,
  dashboard: string,
  id: string,
): Promise<Comment | null> {
  const row = await control
    .prepare(`SELECT ${COLUMNS} FROM comments c WHERE c.id = ?2 AND c.dashboard_id = ?1`)
    .bind(dashboard, id)
    .first<CommentRow>();
  return row && toComment(row);
}

/** Begins a thread. */
export async function insertFirst(control: D1Database, comment: NewComment): Promise<void> {
  await control
    .prepare(
      `INSERT INTO comments (id, dashboard_id, widget_id, at, author, body, mentions, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
    )
    .bind(
      comment.id,
      comment.dashboard,
      comment.widget_id,
      comment.at,
      comment.author,
      comment.body,
      JSON.stringify(comment.mentions),
      comment.now,
    )
    .run();
}

/** Answers a thread, whose place holds; false when the thread is gone or has `most` answers. */
export async function insertAnswer(
  control: D1Database,
  comment: NewComment,
  parent: string,
  most: number,
): Promise<boolean> {
  const { meta } = await control
    .prepare(
      `INSERT INTO comments (id, dashboard_id, widget_id, at, parent_id, author, body, mentions, created_at)
       SELECT ?1, dashboard_id, widget_id, at, id, ?4, ?5, ?6, ?7 FROM comments
       WHERE id = ?3 AND dashboard_id = ?2 AND parent_id IS NULL
         AND (SELECT count(*) FROM comments WHERE dashboard_id = ?2 AND parent_id = ?3) < ?8`,
    )
    .bind(
      comment.id,
      comment.dashboard,
      parent,
      comment.author,
      comment.body,
      JSON.stringify(comment.mentions),
      comment.now,
      most,
    )
    .run();
  return meta.changes > 0;
}

/** Puts another body in place, keeping the one before; does nothing to a deleted comment or with the same body. */
export async function replaceBody(
  control: D1Database,
  { edit, dashboard, id }: { edit: string; dashboard: string; id: string },
  { body, mentions, now }: { body: string; mentions: readonly string[]; now: number },
): Promise<void> {
  await control.batch([
    control
      .prepare(
        `INSERT INTO comment_edits (id, comment_id, body, replaced_at) SELECT ?1, id, body, ?5 FROM comments
         WHERE id = ?3 AND dashboard_id = ?2 AND deleted_at IS NULL AND body <> ?4`,
      )
      .bind(edit, dashboard, id, body, now),
    control
      .prepare(
        `UPDATE comments SET body = ?3, mentions = ?4, edited_at = ?5
         WHERE id = ?2 AND dashboard_id = ?1 AND deleted_at IS NULL AND body <> ?3`,
      )
      .bind(dashboard, id, body, JSON.stringify(mentions), now),
  ]);
}

/** Settles a thread, or opens it again with `by` null; whether that changed anything. */
export async function resolveThread(
  control: D1Database,
  dashboard: string,
  id: string,
  by: string | null,
  now: number,
): Promise<boolean> {
  const { meta } = await control
    .prepare(
      `UPDATE comments SET resolved_at = ?4, resolved_by = ?3
       WHERE id = ?2 AND dashboard_id = ?1 AND parent_id IS NULL AND (resolved_by IS NULL) <> (?3 IS NULL)`,
    )
    .bind(dashboard, id, by, by === null ? null : now)
    .run();
  return meta.changes > 0;
}

/** Empties a comment with its history. A thread of which nothing is left goes as a whole. */
export async function emptyComment(
  control: D1Database,
  dashboard: string,
  { id, first }: { id: string; first: string },
  now: number,
): Promise<void> {
  await control.batch([
    control
      .prepare(
        `UPDATE comments SET body = '', mentions = '[]', deleted_at = ?3
         WHERE id = ?2 AND dashboard_id = ?1 AND deleted_at IS NULL`,
      )
      .bind(dashboard, id, now),
    control
      .prepare(
        "DELETE FROM comment_edits WHERE comment_id IN (SELECT id FROM comments WHERE id = ?2 AND dashboard_id = ?1)",
      )
      .bind(dashboard, id),
    control
      .prepare(
        `DELETE FROM comments WHERE dashboard_id = ?1 AND (id = ?2 OR parent_id = ?2) AND NOT EXISTS (
           SELECT 1 FROM comments WHERE dashboard_id = ?1 AND (id = ?2 OR parent_id = ?2) AND deleted_at IS NULL)`,
      )
      .bind(dashboard, first),
  ]);
}

/** Bodies that edits replaced, newest first. */
export async function readEdits(
  control: D1Database,
  comment: string,
): Promise<{ body: string; replaced_at: number }[]> {
  const { results } = await control
    .prepare(
      "SELECT body, replaced_at FROM comment_edits WHERE comment_id = ?1 ORDER BY replaced_at DESC, id DESC",
    )
    .bind(comment)
    .all<{ body: string; replaced_at: number }>();
  return results;
}
