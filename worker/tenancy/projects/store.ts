/**
 * Projects in the control database.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type {
  Project,
  ProjectConfig,
  ProjectUpdate,
  projectCreateSchema,
} from "../../../schema/wire/project";
import { forgetProject, newKey } from "./key";
import { readSettings } from "./settings";
import { type ShardBindings, shardOf } from "./shard";

interface ProjectRow {
  id: string;
  organization_id: string;
  name: string;
  domain: string | null;
  timezone: string;
  settings: string;
  created_at: number;
  /** JSON `[[api_key, expires_at | null], …]`, newest first. */
  keys: string;
}

/** ?1 is the time before which a rotated key is over. */
const SELECT = `SELECT p.id, p.organization_id, p.name, p.domain, p.timezone, p.settings, p.created_at,
  (SELECT json_group_array(json_array(k.api_key, k.expires_at) ORDER BY k.created_at DESC) FROM project_keys k
   WHERE k.project = p.id AND (k.expires_at IS NULL OR k.expires_at > ?1)) AS keys
  FROM projects p WHERE p.deleted_at IS NULL`;

function toProject(row: ProjectRow, first_event_at: number | null): Project {
  const { keys, settings, ...rest } = row;
  const all: [string, number | null][] = JSON.parse(keys);
  return {
    ...rest,
    settings: readSettings(settings),
    api_key: all.find(([, expires]) => expires === null)?.[0] ?? "",
    previous_keys: all.flatMap(([api_key, expires_at]) =>
      expires_at === null ? [] : [{ api_key, expires_at }],
    ),
    first_event_at,
  };
}

/** When the first event of each project happened, as its shard's folder knows it. */
async function firstEvents(bindings: ShardBindings, projects: string[]): Promise<Map<string, number | null>> {
  const byShard = Map.groupBy(projects, (project) => shardOf(bindings, project));
  const reads = [...byShard].map(([shard, ids]) =>
    shard
      .prepare(
        "SELECT project, first_event_at FROM fold_state WHERE project IN (SELECT value FROM json_each(?1))",
      )
      .bind(JSON.stringify(ids))
      .all<{ project: string; first_event_at: number | null }>(),
  );
  const answers = await Promise.all(reads);
  return new Map(
    answers.flatMap(({ results }) => results.map((row) => [row.project, row.first_event_at] as const)),
  );
}

/** What every project route knows of its project. */
export type ProjectContext = ProjectConfig & { organization_id: string };

/** The project by id whoever owns it, without its keys; null when unknown or deleted. */
export async function findProject(control: D1Database, id: string): Promise<ProjectContext | null> {
  const row = await control
    .prepare(
      "SELECT id, organization_id, timezone, domain, settings FROM projects WHERE id = ?1 AND deleted_at IS NULL",
    )
    .bind(id)
    .first<Omit<ProjectContext, "settings"> & { settings: string }>();
  return row && { ...row, settings: readSettings(row.settings) };
}

/** Databases that hold projects. */
export type ProjectBindings = ShardBindings & { CONTROL: D1Database };

/** The project as the API shows it; null when unknown or deleted. */
export async function readProject(
  bindings: ProjectBindings,
  id: string,
  now: number,
): Promise<Project | null> {
  const [row, first] = await Promise.all([
    bindings.CONTROL.prepare(`${SELECT} AND p.id = ?2`).bind(now, id).first<ProjectRow>(),
    firstEvents(bindings, [id]),
  ]);
  return row && toProject(row, first.get(id) ?? null);
}

/** Up to `limit` projects of the organizations whose id is above `after`, oldest first. */
export async function listProjects(
  bindings: ProjectBindings,
  organizations: string[],
  page: { after: string; limit: number; now: number },
): Promise<Project[]> {
  const { results } = await bindings.CONTROL.prepare(
    `${SELECT} AND p.organization_id IN (SELECT value FROM json_each(?2)) AND p.id > ?3 ORDER BY p.id LIMIT ?4`,
  )
    .bind(page.now, JSON.stringify(organizations), page.after, page.limit)
    .all<ProjectRow>();
  const ids = results.map((row) => row.id);
  const first = await firstEvents(bindings, ids);
  return results.map((row) => toProject(row, first.get(row.id) ?? null));
}

/** Ids of an organization's projects. */
export async function projectIdsOf(control: D1Database, organization: string): Promise<string[]> {
  const { results } = await control
    .prepare("SELECT id FROM projects WHERE organization_id = ?1 AND deleted_at IS NULL")
    .bind(organization)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Makes a project with its key, and its fold state in its shard first: a fold state alone harms nobody. */
export async function createProject(
  bindings: ProjectBindings,
  organization: string,
  wanted: Omit<z.output<typeof projectCreateSchema>, "organization_id">,
  now: number,
): Promise<Project> {
  const id = `p${ulid(now).toLowerCase()}`;
  await shardOf(bindings, id)
    .prepare("INSERT INTO fold_state (project, timezone) VALUES (?1, ?2)")
    .bind(id, wanted.timezone)
    .run();
  const domain = wanted.domain || null;
  const api_key = newKey();
  await bindings.CONTROL.batch([
    bindings.CONTROL.prepare(
      `INSERT INTO projects (id, organization_id, name, domain, timezone, settings, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, '{}', ?6)`,
    ).bind(id, organization, wanted.name, domain, wanted.timezone, now),
    insertKey(bindings.CONTROL, id, api_key, now),
  ]);
  return {
    id,
    organization_id: organization,
    name: wanted.name,
    domain,
    timezone: wanted.timezone,
    settings: readSettings("{}"),
    api_key,
    previous_keys: [],
    first_event_at: null,
    created_at: now,
  };
}

function insertKey(control: D1Database, project: string, key: string, now: number): D1PreparedStatement {
  return control
    .prepare("INSERT INTO project_keys (api_key, project, created_at) VALUES (?1, ?2, ?3)")
    .bind(key, project, now);
}

/** Changes what is given. The shard's fold state keeps its own zone; see `rezone` of worker/pipeline/fold. */
export async function updateProject(control: D1Database, id: string, change: ProjectUpdate): Promise<void> {
  await control
    .prepare(
      `UPDATE projects SET name = coalesce(?2, name), timezone = coalesce(?3, timezone),
       settings = json_patch(settings, ?4), domain = CASE WHEN ?5 THEN ?6 ELSE domain END WHERE id = ?1`,
    )
    .bind(
      id,
      change.name ?? null,
      change.timezone ?? null,
      JSON.stringify(change.settings ?? {}),
      change.domain === undefined ? 0 : 1,
      change.domain || null,
    )
    .run();
  forgetProject(id);
}

/** Gives the project a new key; the current one works for `graceMs` more, older ones no longer than they had. */
export async function rotateKey(
  control: D1Database,
  id: string,
  graceMs: number,
  now: number,
): Promise<void> {
  await control.batch([
    control.prepare("DELETE FROM project_keys WHERE project = ?1 AND expires_at <= ?2").bind(id, now),
    control
      .prepare("UPDATE project_keys SET expires_at = ?2 WHERE project = ?1 AND expires_at IS NULL")
      .bind(id, now + graceMs),
    insertKey(control, id, newKey(), now),
  ]);
  forgetProject(id);
}

/** Marks the project deleted and takes its keys away: from now on nothing finds it. */
export async function deleteProject(control: D1Database, id: string, now: number): Promise<void> {
  await control.batch([
    control.prepare("UPDATE projects SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL").bind(id, now),
    control.prepare("DELETE FROM project_keys WHERE project = ?1").bind(id),
  ]);
  forgetProject(id);
}
