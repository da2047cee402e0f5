/**
 * Reads and changes annotations: every member manages their own, editors can share with the organization, admins can change
 * all shared ones.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type { Annotation, annotationUpdateSchema } from "../../../schema/wire/discussion";
import type { Role } from "../../../schema/wire/organization";
import { pageOf, positionOf } from "../../lib/cursor";
import { type Refusal, refuse } from "../../lib/refusal";
import { atLeast } from "../../tenancy/accounts";
import {
  type AnnotationContent,
  insertAnnotation,
  readAnnotation,
  readAnnotations,
  removeAnnotation,
  replaceAnnotation,
} from "./annotation-store";

/** A member who reads or changes annotations of a project. */
export interface Annotator {
  project: string;
  user: string;
  role: Role;
}

type Change = z.output<typeof annotationUpdateSchema>;

/** Returns annotations that overlap `[from, to)` and that the annotator may read, newest first. */
export async function listAnnotations(
  control: D1Database,
  annotator: Annotator,
  range: { from: number; to: number },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ data: Annotation[]; next_cursor: string | null }> {
  const read = { before: positionOf(cursor), limit: limit + 1 };
  const rows = await readAnnotations(control, annotator, range, read);
  return pageOf(rows, limit, ({ at, id }) => ({ at, id }));
}

/** Creates an annotation. */
export async function addAnnotation(
  control: D1Database,
  annotator: Annotator,
  content: AnnotationContent,
  now: number,
): Promise<Annotation | Refusal> {
  const refusal = refuseContent(annotator, content);
  if (refusal) return refusal;
  const id = ulid(now).toLowerCase();
  await insertAnnotation(control, { id, project: annotator.project, author: annotator.user }, content, now);
  return (await readAnnotation(control, annotator, id)) ?? refuse("not_found");
}

/** Changes the given fields. Also returns the annotation `before`, whose sharing may differ. */
export async function changeAnnotation(
  control: D1Database,
  annotator: Annotator,
  id: string,
  change: Change,
): Promise<{ annotation: Annotation; before: Annotation } | Refusal> {
  const before = await readAnnotation(control, annotator, id);
  if (!before) return refuse("not_found");
  const content = { ...before, ...change };
  const refusal =
    refuseOther(annotator, before) ?? refuseContent(annotator, before) ?? refuseContent(annotator, content);
  if (refusal) return refusal;
  if (content.sharing === "private" && before.author.user_id !== annotator.user) {
    return refuse("annotation_not_own", "Only the author of the annotation can make it private");
  }
  await replaceAnnotation(control, annotator.project, id, content);
  return { annotation: content, before };
}

/** Deletes an annotation and returns it. */
export async function deleteAnnotation(
  control: D1Database,
  annotator: Annotator,
  id: string,
): Promise<Annotation | Refusal> {
  const before = await readAnnotation(control, annotator, id);
  if (!before) return refuse("not_found");
  const refusal = refuseOther(annotator, before);
  if (refusal) return refusal;
  await removeAnnotation(control, annotator.project, id);
  return before;
}

function refuseOther({ user, role }: Annotator, { author }: Annotation): Refusal | null {
  if (author.user_id === user || atLeast(role, "admin")) return null;
  return refuse("annotation_not_own", "Only its author or an admin can change an annotation");
}

function refuseContent({ role }: Annotator, { at, until, sharing }: AnnotationContent): Refusal | null {
  if (sharing === "organization" && !atLeast(role, "editor")) {
    return refuse(
      "insufficient_role",
      "Sharing an annotation requires the role editor; send sharing: private",
    );
  }
  if (until !== null && until <= at) return refuse("annotation_range_empty", "`until` must be after `at`");
  return null;
}
