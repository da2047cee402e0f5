/**
 * Comments on dashboards, annotations on time, and the activity of a project.
 * @module
 */
import { query } from "@solidjs/router";
import type { Json } from "./api";
import { orSignIn } from "./http";
import { request } from "./request";

/** A new comment; without a parent it starts a thread. */
export type NewComment = Json<"POST /projects/{project}/dashboards/{dashboard}/comments">;
export type NewAnnotation = Json<"POST /projects/{project}/annotations">;

/** Threads of a dashboard with their replies: the newest two hundred. */
export const comments = query(
  async (project: string, dashboard: string) =>
    orSignIn(
      await request("GET /projects/{project}/dashboards/{dashboard}/comments", {
        params: { project, dashboard },
        query: { limit: 200 },
      }),
    ),
  "comments",
);
/** Earlier versions of a comment, newest first. */
export const commentHistory = query(
  (project: string, dashboard: string, comment: string) =>
    request("GET /projects/{project}/dashboards/{dashboard}/comments/{comment}/history", {
      params: { project, dashboard, comment },
    }),
  "comment-history",
);
export const addComment = (project: string, dashboard: string, json: NewComment) =>
  request("POST /projects/{project}/dashboards/{dashboard}/comments", {
    params: { project, dashboard },
    json,
  });
export const editComment = (
  project: string,
  dashboard: string,
  comment: string,
  json: { body?: string; resolved?: boolean },
) =>
  request("PATCH /projects/{project}/dashboards/{dashboard}/comments/{comment}", {
    params: { project, dashboard, comment },
    json,
  });
export const deleteComment = (project: string, dashboard: string, comment: string) =>
  request("DELETE /projects/{project}/dashboards/{dashboard}/comments/{comment}", {
    params: { project, dashboard, comment },
  });

/** Annotations of the project that the user may see, newest first: the newest thousand. */
export const annotations = query(
  async (project: string) =>
    orSignIn(
      await request("GET /projects/{project}/annotations", { params: { project }, query: { limit: 1000 } }),
    ),
  "annotations",
);
export const addAnnotation = (project: string, json: NewAnnotation) =>
  request("POST /projects/{project}/annotations", { params: { project }, json });
export const editAnnotation = (project: string, annotation: string, json: Partial<NewAnnotation>) =>
  request("PATCH /projects/{project}/annotations/{annotation}", { params: { project, annotation }, json });
export const deleteAnnotation = (project: string, annotation: string) =>
  request("DELETE /projects/{project}/annotations/{annotation}", { params: { project, annotation } });

/** Activity of a project, newest first, from a cursor on. */
export const activity = query(
  async (project: string, cursor: string | null) =>
    orSignIn(
      await request("GET /projects/{project}/activity", {
        params: { project },
        query: { cursor: cursor ?? undefined },
      }),
    ),
  "activity",
);
