/**
 * Discussion: comments on dashboards, annotations on time, and the activity feed.
 * @module
 */
import { z } from "zod";
import { widgetIdSchema } from "./dashboard";
import { strict } from "./strict";

const personSchema = z.object({ user_id: z.string(), name: z.string() });

/** A moment that people can comment on, epoch ms: 1970 to 2200. */
const momentSchema = z.number().int().min(0).max(7_258_118_400_000);

/** The subject of a comment: a dashboard, one of its widgets, a point in time of that widget's chart. */
export const commentTargetSchema = z.object({
  dashboard_id: z.string(),
  widget_id: widgetIdSchema.nullable().default(null),
  /** Epoch ms of a point of the chart. */
  at: momentSchema.nullable().default(null),
});
export const commentCreateSchema = strict({
  ...commentTargetSchema.shape,
  /** The comment that this one replies to; it has the same target. */
  parent_id: z.string().max(64).nullable().default(null),
  /** Markdown. `@[Name](user_id)` mentions a member and sends an e-mail. */
  body: z.string().trim().min(1).max(5000),
});
export const commentUpdateSchema = strict({
  body: commentCreateSchema.shape.body.optional(),
  /** Of a thread's first comment. */
  resolved: z.boolean().optional(),
});
export const commentSchema = commentTargetSchema.extend({
  id: z.string(),
  parent_id: z.string().nullable(),
  author: personSchema,
  /** Empty once deleted, so that the thread is preserved. */
  body: z.string(),
  mentions: z.array(personSchema),
  created_at: z.number().int(),
  edited_at: z.number().int().nullable(),
  deleted_at: z.number().int().nullable(),
  resolved_at: z.number().int().nullable(),
  resolved_by: personSchema.nullable(),
});
export type Comment = z.infer<typeof commentSchema>;
/** Most people that one comment may mention: each gets an e-mail. */
export const MAX_MENTIONS = 20;
/** Most replies of one thread. */
export const MAX_ANSWERS = 500;
/** Threads, newest first, each with its replies after it, oldest first. */
export const commentListSchema = z.object({
  data: z.array(commentSchema),
  next_cursor: z.string().nullable(),
});
/** Earlier bodies of a comment, newest first. */
export const commentHistorySchema = z.object({
  data: z.array(z.object({ body: z.string(), replaced_at: z.number().int() })),
});

export const annotationCreateSchema = strict({
  at: momentSchema,
  /** End of a range; null for an instant. */
  until: z.number().int().nullable().default(null),
  text: z.string().trim().min(1).max(200),
  kind: z.enum(["release", "campaign", "incident", "note"]).default("note"),
  /** `private`: visible only to its author. */
  sharing: z.enum(["private", "organization"]).default("organization"),
});
/** Without defaults, which apply to new annotations: fields that are missing do not change. */
export const annotationUpdateSchema = strict({
  at: annotationCreateSchema.shape.at,
  until: annotationCreateSchema.shape.until.unwrap(),
  text: annotationCreateSchema.shape.text,
  kind: annotationCreateSchema.shape.kind.unwrap(),
  sharing: annotationCreateSchema.shape.sharing.unwrap(),
}).partial();
export const annotationSchema = z.object({
  ...annotationCreateSchema.shape,
  id: z.string(),
  author: personSchema,
  created_at: z.number().int(),
});
export type Annotation = z.infer<typeof annotationSchema>;
/** Newest first. */
export const annotationListSchema = z.object({
  data: z.array(annotationSchema),
  next_cursor: z.string().nullable(),
});

/** Retention of activity in days. */
export const ACTIVITY_DAYS = 90;
export const ACTIVITY_KINDS = [
  "dashboard_created",
  "dashboard_changed",
  "dashboard_deleted",
  "metric_created",
  "metric_changed",
  "metric_deleted",
  "comment_added",
  "comment_resolved",
  "annotation_added",
  "link_created",
  "link_revoked",
  "member_joined",
  "member_left",
] as const;
export const activitySchema = z.object({
  id: z.string(),
  at: z.number().int(),
  /** Null for a member who has left the deployment. */
  person: personSchema.nullable(),
  kind: z.enum(ACTIVITY_KINDS),
  /** Name of the changed object at that time. */
  subject: z.string(),
  subject_id: z.string(),
});
export type Activity = z.infer<typeof activitySchema>;
export type ActivityKind = Activity["kind"];
/** Newest first. */
export const activityListSchema = z.object({
  data: z.array(activitySchema),
  next_cursor: z.string().nullable(),
});

/** A user who has a page of the project open. */
export const presenceSchema = personSchema.extend({
  /** The dashboard that is open; null for another page. */
  dashboard_id: z.string().nullable(),
});
export type Presence = z.infer<typeof presenceSchema>;
