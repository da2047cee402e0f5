/**
 * What people say: comments on dashboards, annotations on time, and what happened.
 * @module
 */
import { query } from "@solidjs/router";
import { hc } from "hono/client";
import type { Annotation, Comment } from "../../../schema/wire/discussion";
import type { activityRoutes } from "../../../worker/api/routes/activity";
import type { annotationRoutes } from "../../../worker/api/routes/annotations";
import type { commentRoutes } from "../../../worker/api/routes/comments";
import { answer, apiFetch, orSignIn } from "./http";

const fetch = { fetch: apiFetch };
const talk = hc<typeof commentRoutes>("/api/v1", fetch).projects[":project"].dashboards[":dashboard"]
  .comments;
const notes = hc<typeof annotationRoutes>("/api/v1", fetch).projects[":project"].annotations;
const deeds = hc<typeof activityRoutes>("/api/v1", fetch).projects[":project"].activity;

/** A new comment; without a parent it begins a thread. */
export type NewComment = Pick<Comment, "widget_id" | "at" | "body"> & { parent_id?: string };
export type NewAnnotation = Pick<Annotation, "at" | "until" | "text" | "kind" | "sharing">;

/** Threads of a dashboard with their answers: the newest two hundred. */
export const comments = query(
  async (project: string, dashboard: string) =>
    orSignIn(await answer(talk.$get({ param: { project, dashboard }, query: { limit: "200" } }))),
  "comments",
);
/** What a comment said before, newest first. */
export const commentHistory = query(
  async (project: string, dashboard: string, comment: string) =>
    answer(talk[":comment"].history.$get({ param: { project, dashboard, comment } })),
  "comment-history",
);
export const addComment = (project: string, dashboard: string, json: NewComment) =>
  answer(talk.$post({ param: { project, dashboard }, json }));
export const editComment = (
  project: string,
  dashboard: string,
  comment: string,
  json: { body?: string; resolved?: boolean },
) => answer(talk[":comment"].$patch({ param: { project, dashboard, comment }, json }));
export const deleteComment = (project: string, dashboard: string, comment: string) =>
  answer(talk[":comment"].$delete({ param: { project, dashboard, comment } }));

/** Notes on the project's time that the reader may see, newest first: the newest thousand. */
export const annotations = query(
  async (project: string) =>
    orSignIn(await answer(notes.$get({ param: { project }, query: { limit: "1000" } }))),
  "annotations",
);
export const addAnnotation = (project: string, json: NewAnnotation) =>
  answer(notes.$post({ param: { project }, json }));
export const editAnnotation = (project: string, annotation: string, json: Partial<NewAnnotation>) =>
  answer(notes[":annotation"].$patch({ param: { project, annotation }, json }));
export const deleteAnnotation = (project: string, annotation: string) =>
  answer(notes[":annotation"].$delete({ param: { project, annotation } }));

/** What people did in a project, newest first, from a cursor on. */
export const activity = query(
  async (project: string, cursor: string | null) =>
    orSignIn(await answer(deeds.$get({ param: { project }, query: cursor ? { cursor } : {} }))),
  "activity",
);
