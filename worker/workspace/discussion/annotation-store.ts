/**
 * Annotations in the control database. Every statement names the project, which the router has checked.
 * @module
 */
import type { Annotation } from "../../../schema/wire/discussion";
import type { Position } from "../../lib/cursor";
import { FORMER } from "./people-store";

type AnnotationRow = Omit<Annotation, "author"> & { author: string; author_name: string };

/** What an annotation says. */
export type AnnotationContent = Pick<Annotation, "at" | "until" | "text" | "kind" | "sharing">;

const COLUMNS = `a.id, a.at, a.until, a.text, a.kind, a.sharing, a.author, a.created_at,
  coalesce((SELECT name FROM users WHERE id = a.author), '${FORMER}') AS author_name`;
/** ?1 is the project, ?2 who asks. */
const SEEN = "a.project_id = ?1 AND (a.sharing = 'organization' OR a.author = ?2)";

function toAnnotation({ author_name, ...row }: AnnotationRow): Annotation {
  return { ...row, author: { user_id: row.author, name: author_name } };
}

/** Up to `limit` annotations that touch `[from, to)` and that the user may see, newest first. */
export async function readAnnotations(
  control: D1Database,
  { project, user }: { project: string; user: string },
  { from, to }: { from: number; to: number },
  { before, limit }: { before: Position; limit: number },
): Promise<Annotation[]> {
  const { results } = await control
    .prepare(
      `SELECT ${COLUMNS} FROM annotations a
       WHERE ${SEEN} AND a.at < ?4 AND (a.at >= ?3 OR a.until > ?3) AND (a.at, a.id) < (?5, ?6)
       ORDER BY a.at DESC, a.id DESC LIMIT ?7`,
    )
    .bind(project, user, from, to, before.at, before.id, limit)
    .all<AnnotationRow>();
  return results.map(toAnnotation);
}

/** One annotation, if the user may see it. */
export async function readAnnotation(
  control: D1Database,
  { project, user }: { project: string; user: string },
  id: string,
): Promise<Annotation | null> {
  const row = await control
    .prepare(`SELECT ${COLUMNS} FROM annotations a WHERE ${SEEN} AND a.id = ?3`)
    .bind(project, user, id)
    .first<AnnotationRow>();
  return row && toAnnotation(row);
}

/** Writes a new annotation. */
export async function insertAnnotation(
  control: D1Database,
  { id, project, author }: { id: string; project: string; author: string },
  { at, until, text, kind, sharing }: AnnotationContent,
  now: number,
): Promise<void> {
  await control
    .prepare(
      `INSERT INTO annotations (id, project_id, at, until, text, kind, sharing, author, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
    )
    .bind(id, project, at, until, text, kind, sharing, author, now)
    .run();
}

/** Puts other content in place. */
export async function replaceAnnotation(
  control: D1Database,
  project: string,
  id: string,
  { at, until, text, kind, sharing }: AnnotationContent,
): Promise<void> {
  await control
    .prepare(
      `UPDATE annotations SET at = ?3, until = ?4, text = ?5, kind = ?6, sharing = ?7
       WHERE id = ?2 AND project_id = ?1`,
    )
    .bind(project, id, at, until, text, kind, sharing)
    .run();
}

/** Removes an annotation. */
export async function removeAnnotation(control: D1Database, project: string, id: string): Promise<void> {
  await control.prepare("DELETE FROM annotations WHERE id = ?2 AND project_id = ?1").bind(project, id).run();
}

/** Deletes the annotations of a project. Comments are deleted with their dashboards. */
export async function deleteProjectAnnotations(control: D1Database, project: string): Promise<void> {
  await control.prepare("DELETE FROM annotations WHERE project_id = ?1").bind(project).run();
}
