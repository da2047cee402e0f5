/**
 * Projects: names, keys and settings.
 * @module
 */
import { query } from "@solidjs/router";
import type { ProjectCreate, ProjectUpdate } from "../../../schema/wire/project";
import { orSignIn } from "./http";
import { request } from "./request";

/** The user's projects, oldest first; the first hundred. */
export const projects = query(async () => orSignIn(await request("GET /projects", {})), "projects");
/** One project with its key and settings. */
export const project = query(
  async (id: string) => orSignIn(await request("GET /projects/{id}", { params: { id } })),
  "project",
);

export const createProject = (json: ProjectCreate) => request("POST /projects", { json });
export const updateProject = (id: string, json: ProjectUpdate) =>
  request("PATCH /projects/{id}", { params: { id }, json });
/** `confirm` is the project's name, as typed. */
export const deleteProject = (id: string, confirm: string) =>
  request("DELETE /projects/{id}", { params: { id }, query: { confirm }, json: {} });
export const rotateKey = (id: string) => request("POST /projects/{id}/rotate-key", { params: { id } });
