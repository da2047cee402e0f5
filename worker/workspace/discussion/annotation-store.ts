/**
 * Annotations in the control database. Every statement names the project, which the router has checked.
 * @module
 */
import { and, desc, eq, gt, gte, lt, or, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { annotations } from "../../../schema/tables/content";
import { users } from "../../../schema/tables/control";
import type { Annotation } from "../../../schema/wire/discussion";
import { cursorCondition, type Position } from "../../lib/cursor";
import { nameOf } from "./people-store";

/** The fields of an annotation that its author writes. */
export type AnnotationContent = Pick<Annotation, "at" | "until" | "text" | "kind" | "sharing">;

/** A project and the reading user. */
interface Reader {
  project: string;
  user: string;
}

/** Selects annotations that the user may read, with the names of their authors. */
function selectAnnotations(control: D1Database, { project, user }: Reader, condition: SQL | undefined) {
  const { id, at, until, text, kind, sharing, author, created_at } = annotations;
  return drizzle(control)
    .select({
      ...{ id, at, until, text, kind, sharing, created_at },
      author: { user_id: author, name: nameOf(users) },
    })
    .from(annotations)
    .leftJoin(users, eq(users.id, author))
    .where(
      and(eq(annotations.project_id, project), or(eq(sharing, "organization"), eq(author, user)), condition),
    );
}

/** Returns up to `limit` annotations that overlap `[from, to)` and that the user may read, newest first. */
export async function readAnnotations(
  control: D1Database,
  reader: Reader,
  { from, to }: { from: number; to: number },
  { before, limit }: { before: Position; limit: number },
): Promise<Annotation[]> {
  const { at, until, id } = annotations;
  const overlaps = and(lt(at, to), or(gte(at, from), gt(until, from)));
  return selectAnnotations(control, reader, and(overlaps, cursorCondition(at, id, before)))
    .orderBy(desc(at), desc(id))
    .limit(limit);
}

/** Returns an annotation, or null when the user may not read one of this id. */
export async function readAnnotation(
  control: D1Database,
  reader: Reader,
  id: string,
): Promise<Annotation | null> {
  const [annotation = null] = await selectAnnotations(control, reader, eq(annotations.id, id));
  return annotation;
}

/** Inserts an annotation. */
export async function insertAnnotation(
  control: D1Database,
  { id, project, author }: { id: string; project: string; author: string },
  { at, until, text, kind, sharing }: AnnotationContent,
  now: number,
): Promise<void> {
  await drizzle(control)
    .insert(annotations)
    .values({ id, project_id: project, at, until, text, kind, sharing, author, created_at: now });
}

const ofProject = (project: string, id: string): SQL | undefined =>
  and(eq(annotations.id, id), eq(annotations.project_id, project));

/** Replaces the content of an annotation. */
export async function replaceAnnotation(
  control: D1Database,
  project: string,
  id: string,
  { at, until, text, kind, sharing }: AnnotationContent,
): Promise<void> {
  await drizzle(control)
    .update(annotations)
    .set({ at, until, text, kind, sharing })
    .where(ofProject(project, id));
}

/** Deletes an annotation. */
export async function removeAnnotation(control: D1Database, project: string, id: string): Promise<void> {
  await drizzle(control).delete(annotations).where(ofProject(project, id));
}

/** Deletes the annotations of a project. Comments are deleted with their dashboards. */
export async function deleteProjectAnnotations(control: D1Database, project: string): Promise<void> {
  await drizzle(control).delete(annotations).where(eq(annotations.project_id, project));
}
