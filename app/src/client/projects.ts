/**
 * Projects: what they are called, their keys and settings.
 * @module
 */
import { query } from "@solidjs/router";
import { hc } from "hono/client";
import type { ProjectCreate, ProjectUpdate } from "../../../schema/wire/project";
import type { projectRoutes } from "../../../worker/api/routes/projects";
import { answer, apiFetch, orSignIn } from "./http";

const api = hc<typeof projectRoutes>("/api/v1", { fetch: apiFetch }).projects;

/** The caller's projects, oldest first; the first hundred. */
export const projects = query(async () => orSignIn(await answer(api.$get({ query: {} }))), "projects");
/** One project with its key and settings. */
export const project = query(
  async (id: string) => orSignIn(await answer(api[":id"].$get({ param: { id } }))),
  "project",
);

export const createProject = (json: ProjectCreate) => answer(api.$post({ json }));
export const updateProject = (id: string, json: ProjectUpdate) =>
  answer(api[":id"].$patch({ param: { id }, json }));
/** `confirm` is the project's name, as typed. */
export const deleteProject = (id: string, confirm: string) =>
  answer(api[":id"].$delete({ param: { id }, query: { confirm }, json: {} }));
export const rotateKey = (id: string) => answer(api[":id"]["rotate-key"].$post({ param: { id } }));
