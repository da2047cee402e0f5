/**
 * Reads comments from the control database. Every statement names the dashboard, whose project the router has checked.
 * @module
 */
import { and, desc, eq, getTableColumns, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { alias } from "drizzle-orm/sqlite-core";
import { commentEdits, comments } from "../../../schema/tables/content";
import { users } from "../../../schema/tables/control";
import type { Comment } from "../../../schema/wire/discussion";
import { cursorCondition, type Position } from "../../lib/cursor";
import { nameOf } from "./people-store";

const authors = alias(users, "authors");
const resolvers = alias(users, "resolvers");

const MENTIONS = sql`(
  SELECT json_group_array(json_object('user_id', m.value, 'name', ${nameOf(users)}) ORDER BY m.key)
  FROM json_each(${comments.mentions}) m LEFT JOIN ${users} ON ${users.id} = m.value)`;

const COLUMNS = {
  ...getTableColumns(comments),
  author: { user_id: comments.author, name: nameOf(authors) },
  resolver_name: nameOf(resolvers),
  mentions: MENTIONS.mapWith((json: string): Comment["mentions"] => JSON.parse(json)),
};

type CommentRow = Omit<Comment, "resolved_by"> & { resolved_by: string | null; resolver_name: string };

const toComment = ({ resolver_name, resolved_by, ...row }: CommentRow): Comment => ({
  ...row,
  resolved_by: resolved_by === null ? null : { user_id: resolved_by, name: resolver_name },
});

/** The condition for a comment of the dashboard. */
export const inDashboard = (dashboard: string, id: string): SQL | undefined =>
  and(eq(comments.dashboard_id, dashboard), eq(comments.id, id));

/** Which threads of a dashboard to return; null for all widgets, or for resolved and open ones. */
export interface ThreadFilter {
  widget: string | null;
  resolved: boolean | null;
}

function firstsOf(dashboard: string, { widget, resolved }: ThreadFilter, before: Position): SQL | undefined {
  return and(
    eq(comments.dashboard_id, dashboard),
    isNull(comments.parent_id),
    cursorCondition(comments.created_at, comments.id, before),
    widget === null ? undefined : eq(comments.widget_id, widget),
    resolved === null ? undefined : (resolved ? isNotNull : isNull)(comments.resolved_at),
  );
}

/** Returns the comments of up to `limit` threads older than `before`: newest thread first, its answers oldest first. */
export async function readThreads(
  control: D1Database,
  dashboard: string,
  filter: ThreadFilter,
  { before, limit }: { before: Position; limit: number },
): Promise<Comment[]> {
  const db = drizzle(control);
  const firsts = db.$with("firsts").as(
    db
      .select({ id: comments.id, begun_at: sql<number>`${comments.created_at}`.as("begun_at") })
      .from(comments)
      .where(firstsOf(dashboard, filter, before))
      .orderBy(desc(comments.created_at), desc(comments.id))
      .limit(limit),
  );
  const isAnswer = and(eq(comments.dashboard_id, dashboard), eq(comments.parent_id, firsts.id));
  const rows = await db
    .with(firsts)
    .select(COLUMNS)
    .from(firsts)
    // A cross join fixes the order: otherwise the whole dashboard is read for each thread.
    .crossJoin(comments)
    .leftJoin(authors, eq(authors.id, comments.author))
    .leftJoin(resolvers, eq(resolvers.id, comments.resolved_by))
    .where(or(eq(comments.id, firsts.id), isAnswer))
    .orderBy(
      desc(firsts.begun_at),
      desc(firsts.id),
      isNotNull(comments.parent_id),
      comments.created_at,
      comments.id,
    );
  return rows.map(toComment);
}

/** Returns a comment of the dashboard; null when there is none with this id. */
export async function readComment(
  control: D1Database,
  dashboard: string,
  id: string,
): Promise<Comment | null> {
  const [row] = await drizzle(control)
    .select(COLUMNS)
    .from(comments)
    .leftJoin(authors, eq(authors.id, comments.author))
    .leftJoin(resolvers, eq(resolvers.id, comments.resolved_by))
    .where(inDashboard(dashboard, id));
  return row ? toComment(row) : null;
}

/** Returns the bodies that edits replaced, newest first. */
export async function readEdits(
  control: D1Database,
  comment: string,
): Promise<{ body: string; replaced_at: number }[]> {
  return drizzle(control)
    .select({ body: commentEdits.body, replaced_at: commentEdits.replaced_at })
    .from(commentEdits)
    .where(eq(commentEdits.comment_id, comment))
    .orderBy(desc(commentEdits.replaced_at), desc(commentEdits.id));
}
