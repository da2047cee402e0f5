/**
 * Dashboards in the control database.
 * @module
 */
import type { dashboards } from "../../../schema/tables/content";
import type { Dashboard, DashboardContent, DashboardList } from "../../../schema/wire/dashboard";

/** Maximum number of dashboards of a project. */
export const MAX_DASHBOARDS = 500;

/** A project, and the user whose private dashboards are included; null for shared ones only. */
export interface ProjectViewer {
  project: string;
  user: string | null;
}

/** A stored dashboard, with the names of the defined metrics that it uses. */
export type KeptDashboard = Dashboard & { mentions: string[] };

type Row = typeof dashboards.$inferSelect;

const VISIBLE = "project_id = ?1 AND (sharing = 'organization' OR created_by = ?2)";

function toDashboard({ content, mentions, ...row }: Row): KeptDashboard {
  const fields: DashboardContent = JSON.parse(content);
  return { ...fields, ...row, mentions: JSON.parse(mentions) };
}

/** Lists the dashboards that the viewer sees, last changed first, without their widgets. */
export async function listDashboards(
  control: D1Database,
  viewer: ProjectViewer,
): Promise<DashboardList["data"]> {
  const { results } = await control
    .prepare(
      `SELECT id, project_id, slug, name, coalesce(content ->> '$.description', '') AS description, sharing,
       created_by, version, created_at, updated_at, json_array_length(content, '$.widgets') AS widgets
       FROM dashboards WHERE ${VISIBLE} ORDER BY updated_at DESC, id`,
    )
    .bind(viewer.project, viewer.user)
    .all<DashboardList["data"][number]>();
  return results;
}

/** Returns a dashboard, or null when the viewer does not see one of this id. */
export async function readDashboard(
  control: D1Database,
  viewer: ProjectViewer,
  id: string,
): Promise<KeptDashboard | null> {
  const row = await control
    .prepare(`SELECT * FROM dashboards WHERE ${VISIBLE} AND id = ?3`)
    .bind(viewer.project, viewer.user, id)
    .first<Row>();
  return row && toDashboard(row);
}

/** Returns the project's shared dashboards with their content, by slug. */
export async function sharedDashboards(control: D1Database, project: string): Promise<KeptDashboard[]> {
  const { results } = await control
    .prepare(`SELECT * FROM dashboards WHERE ${VISIBLE} AND slug IS NOT NULL ORDER BY slug`)
    .bind(project, null)
    .all<Row>();
  return results.map(toDashboard);
}

/** Returns the slugs of the project that start with `slug`. */
export async function slugsLike(control: D1Database, project: string, slug: string): Promise<Set<string>> {
  const { results } = await control
    .prepare("SELECT slug FROM dashboards WHERE project_id = ?1 AND slug >= ?2 AND slug < ?2 || '~'")
    .bind(project, slug)
    .all<{ slug: string }>();
  return new Set(results.map((row) => row.slug));
}

/** Counts the dashboards of a project. */
export async function countDashboards(control: D1Database, project: string): Promise<number> {
  const row = await control
    .prepare("SELECT count(*) AS n FROM dashboards WHERE project_id = ?1")
    .bind(project)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** Inserts a dashboard. Does nothing when its slug was taken in the meantime. */
export function insertDashboard(control: D1Database, dashboard: KeptDashboard): D1PreparedStatement {
  return control
    .prepare(
      `INSERT INTO dashboards (id, project_id, slug, name, content, mentions, sharing, created_by, version, created_at,
       updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING`,
    )
    .bind(...values(dashboard));
}

/** Updates a dashboard if its stored version is the one before `dashboard.version`. */
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

/** Deletes a dashboard with its comments and links. */
export function deleteDashboard(control: D1Database, id: string): D1PreparedStatement {
  return control.prepare("DELETE FROM dashboards WHERE id = ?1").bind(id);
}

/** Deletes all dashboards of a project. */
export async function forgetDashboards(control: D1Database, project: string): Promise<void> {
  await control.prepare("DELETE FROM dashboards WHERE project_id = ?1").bind(project).run();
}
