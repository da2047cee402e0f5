/**
 * Dashboards in the control database.
 * @module
 */
import { and, desc, eq, getTableColumns, gte, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { dashboards } from "../../../schema/tables/content";
import type { Dashboard, DashboardList } from "../../../schema/wire/dashboard";

/** Maximum number of dashboards of a project. */
export const MAX_DASHBOARDS = 500;

/** A project, and the user whose private dashboards are included; null for shared ones only. */
export interface ProjectViewer {
  project: string;
  user: string | null;
}

/** A stored dashboard, with the names of the defined metrics that it uses. */
export type StoredDashboard = Dashboard & { mentions: string[] };

type DashboardRow = typeof dashboards.$inferSelect;

const visibleTo = ({ project, user }: ProjectViewer): SQL | undefined =>
  and(
    eq(dashboards.project_id, project),
    or(eq(dashboards.sharing, "organization"), user === null ? undefined : eq(dashboards.created_by, user)),
  );

/** Returns the dashboard of a row. */
export const toDashboard = ({ content, ...row }: DashboardRow): StoredDashboard => ({ ...content, ...row });

const toRow = ({
  description,
  range,
  compare,
  filters,
  widgets,
  ...dashboard
}: StoredDashboard): DashboardRow => ({
  ...dashboard,
  content: { name: dashboard.name, description, range, compare, filters, widgets },
});

/** Lists the dashboards that the viewer can see, last changed first, without their widgets. */
export async function listDashboards(
  control: D1Database,
  viewer: ProjectViewer,
): Promise<DashboardList["data"]> {
  const { content, mentions: _, ...columns } = getTableColumns(dashboards);
  return drizzle(control)
    .select({
      ...columns,
      description: sql<string>`coalesce(${content} ->> '$.description', '')`,
      widgets: sql<number>`json_array_length(${content}, '$.widgets')`,
    })
    .from(dashboards)
    .where(visibleTo(viewer))
    .orderBy(desc(dashboards.updated_at), dashboards.id);
}

/** Returns a dashboard; null when the viewer cannot see one with this id. */
export async function readDashboard(
  control: D1Database,
  viewer: ProjectViewer,
  id: string,
): Promise<StoredDashboard | null> {
  const [row] = await drizzle(control)
    .select()
    .from(dashboards)
    .where(and(visibleTo(viewer), eq(dashboards.id, id)));
  return row ? toDashboard(row) : null;
}

/** Returns the project's shared dashboards with their content, by slug. */
export async function sharedDashboards(control: D1Database, project: string): Promise<StoredDashboard[]> {
  const rows = await drizzle(control)
    .select()
    .from(dashboards)
    .where(and(visibleTo({ project, user: null }), isNotNull(dashboards.slug)))
    .orderBy(dashboards.slug);
  return rows.map(toDashboard);
}

/** Returns the slugs of the project that start with `slug`. */
export async function slugsLike(control: D1Database, project: string, slug: string): Promise<Set<string>> {
  const rows = await drizzle(control)
    .select({ slug: dashboards.slug })
    .from(dashboards)
    .where(
      and(eq(dashboards.project_id, project), gte(dashboards.slug, slug), lt(dashboards.slug, `${slug}~`)),
    );
  return new Set(rows.flatMap((row) => row.slug ?? []));
}

/** Counts the dashboards of a project. */
export async function countDashboards(control: D1Database, project: string): Promise<number> {
  return drizzle(control).$count(dashboards, eq(dashboards.project_id, project));
}

/** Inserts a dashboard. Does nothing when its slug was taken in the meantime. */
export function insertDashboard(control: D1Database, dashboard: StoredDashboard) {
  return drizzle(control).insert(dashboards).values(toRow(dashboard)).onConflictDoNothing();
}

/** Updates a dashboard if its stored version is the one before `dashboard.version`. */
export function updateDashboard(control: D1Database, dashboard: StoredDashboard) {
  const { id, project_id, created_by: _, created_at: __, ...change } = toRow(dashboard);
  return drizzle(control)
    .update(dashboards)
    .set(change)
    .where(
      and(
        eq(dashboards.id, id),
        eq(dashboards.project_id, project_id),
        eq(dashboards.version, dashboard.version - 1),
      ),
    );
}

/** Deletes a dashboard with its comments and links. */
export function deleteDashboard(control: D1Database, id: string) {
  return drizzle(control).delete(dashboards).where(eq(dashboards.id, id));
}

/** Deletes all dashboards of a project. */
export async function deleteProjectDashboards(control: D1Database, project: string): Promise<void> {
  await drizzle(control).delete(dashboards).where(eq(dashboards.project_id, project));
}
