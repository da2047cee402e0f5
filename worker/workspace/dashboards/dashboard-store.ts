/**
 * Dashboards in the control database.
 * @module
 */
import type { Dashboard, DashboardContent, DashboardList } from "../../../schema/wire/dashboard";

/** Dashboards that a project may have. */
export const MAX_DASHBOARDS = 500;

/** Whose dashboards: the project's shared ones, and the private ones of `user` when there is one. */
export interface ProjectViewer {
  project: string;
  user: string | null;
}

/** A dashboard as it is kept: with the names of the defined metrics that it asks for. */
export type KeptDashboard = Dashboard & { mentions: string[] };

interface Row extends Omit<Dashboard, keyof DashboardContent> {
  name: string;
  content: string;
  mentions: string;
}

const SEEN = "project_id = ?1 AND (sharing = 'organization' OR created_by = ?2)";

function toDashboard({ content, mentions, ...row }: Row): KeptDashboard {
  const said: DashboardContent = JSON.parse(content);
  return { ...said, ...row, mentions: JSON.parse(mentions) };
}

/** The dashboards that the viewer sees, last changed first, without their widgets. */
export async function listDashboards(
  control: D1Database,
  viewer: ProjectViewer,
): Promise<DashboardList["data"]> {
  const { results } = await control
    .prepare(
      `SELECT id, project_id, slug, name, coalesce(content ->> '$.description', '') AS description, sharing,
       created_by, version, created_at, updated_at, json_array_length(content, '$.widgets') AS widgets
       FROM dashboards WHERE ${SEEN} ORDER BY updated_at DESC, id`,
    )
    .bind(viewer.project, viewer.user)
    .all<DashboardList["data"][number]>();
  return results;
}

/** One dashboard; null when the viewer does not see it. */
export async function readDashboard(
  control: D1Database,
  viewer: ProjectViewer,
  id: string,
): Promise<KeptDashboard | null> {
  const row = await control
    .prepare(`SELECT * FROM dashboards WHERE ${SEEN} AND id = ?3`)
    .bind(viewer.project, viewer.user, id)
    .first<Row>();
  return row && toDashboard(row);
}

/** The project's shared dashboards with all that they say, by slug: what files hold. */
export async function sharedDashboards(control: D1Database, project: string): Promise<KeptDashboard[]> {
  const { results } = await control
    .prepare(`SELECT * FROM dashboards WHERE ${SEEN} AND slug IS NOT NULL ORDER BY slug`)
    .bind(project, null)
    .all<Row>();
  return results.map(toDashboard);
}

/** Slugs of the project that begin as `slug` does. */
export async function slugsLike(control: D1Database, project: string, slug: string): Promise<Set<string>> {
  const { results } = await control
    .prepare("SELECT slug FROM dashboards WHERE project_id = ?1 AND slug >= ?2 AND slug < ?2 || '~'")
    .bind(project, slug)
    .all<{ slug: string }>();
  return new Set(results.map((row) => row.slug));
}

/** How many dashboards the project has. */
export async function countDashboards(control: D1Database, project: string): Promise<number> {
  const row = await control
    .prepare("SELECT count(*) AS n FROM dashboards WHERE project_id = ?1")
    .bind(project)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** Keeps a new dashboard. A slug that has been taken since it was looked for leaves everything as it is. */
export function insertDashboard(control: D1Database, dashboard: KeptDashboard): D1PreparedStatement {
  return control
    .prepare(
      `INSERT INTO dashboards (id, project_id, slug, name, content, mentions, sharing, created_by, version, created_at,
       updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING`,
    )
    .bind(...values(dashboard));
}

/** Replaces the dashboard of the id, if it is the version before `dashboard.version`. */
export function updateDashboard(control: D1Database, dashboard: KeptDashboard): D1PreparedStatement {
  return control
    .prepare(
      `UPDATE dashboards SET slug = ?3, name = ?4, content = ?5, mentions = ?6, sharing = ?7, version = ?9,
       updated_at = ?11 WHERE id = ?1 AND project_id = ?2 AND version = ?9 - 1`,
    )
    .bind(...values(dashboard));
}

function values(dashboard: KeptDashboard): unknown[] {
  const { name, description, range, compare, filters, widgets } = dashboard;
  const content: DashboardContent = { name, description, range, compare, filters, widgets };
  return [
    dashboard.id,
    dashboard.project_id,
    dashboard.slug,
    name,
    JSON.stringify(content),
    JSON.stringify(dashboard.mentions),
    dashboard.sharing,
    dashboard.created_by,
    dashboard.version,
    dashboard.created_at,
    dashboard.updated_at,
  ];
}

/** Removes a dashboard; its comments and links go with it. */
export function deleteDashboard(control: D1Database, id: string): D1PreparedStatement {
  return control.prepare("DELETE FROM dashboards WHERE id = ?1").bind(id);
}

/** Removes all dashboards of a project that is being deleted. */
export async function forgetDashboards(control: D1Database, project: string): Promise<void> {
  await control.prepare("DELETE FROM dashboards WHERE project_id = ?1").bind(project).run();
}
