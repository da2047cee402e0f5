/**
 * Defined metrics in the control database.
 * @module
 */
import { and, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { unionAll } from "drizzle-orm/sqlite-core";
import { dashboards, metrics } from "../../../schema/tables/content";
import { projects } from "../../../schema/tables/control";
import type { Metric, MetricRule, MetricUse } from "../../../schema/wire/metric";

/** Maximum number of metrics of an organization. */
export const MAX_METRICS = 1000;

/** An organization, and the user whose private metrics are included; null for shared ones only. */
export interface Viewer {
  organization: string;
  user: string | null;
}

/** A stored metric, with the names of the defined metrics that its rule uses. */
export type StoredMetric = Metric & { mentions: string[] };

type MetricRow = typeof metrics.$inferSelect;

/** The condition for metrics and dashboards that are shared or belong to the user. */
const sharedWith = (table: typeof metrics | typeof dashboards, user: string | null): SQL | undefined =>
  or(eq(table.sharing, "organization"), user === null ? undefined : eq(table.created_by, user));

const visibleTo = ({ organization, user }: Viewer): SQL | undefined =>
  and(eq(metrics.organization_id, organization), sharedWith(metrics, user));

const toMetric = ({ definition, ...row }: MetricRow): StoredMetric => ({ ...definition, ...row });

const toRow = ({ label, description, rule, format, good, ...metric }: StoredMetric): MetricRow => ({
  ...metric,
  definition: { name: metric.name, label, description, rule, format, good },
});

/** Lists the metrics that the viewer can see, by name. */
export async function listMetrics(control: D1Database, viewer: Viewer): Promise<StoredMetric[]> {
  const rows = await drizzle(control)
    .select()
    .from(metrics)
    .where(visibleTo(viewer))
    .orderBy(metrics.name, metrics.sharing);
  return rows.map(toMetric);
}

/** Returns a metric; null when the viewer cannot see one with this id. */
export async function readMetric(
  control: D1Database,
  viewer: Viewer,
  id: string,
): Promise<StoredMetric | null> {
  const [row] = await drizzle(control)
    .select()
    .from(metrics)
    .where(and(visibleTo(viewer), eq(metrics.id, id)));
  return row ? toMetric(row) : null;
}

/** Inserts a metric. Does nothing when its name is taken. */
export function insertMetric(control: D1Database, metric: StoredMetric) {
  return drizzle(control).insert(metrics).values(toRow(metric)).onConflictDoNothing();
}

/**
 * Replaces the metric with the id if its stored version is the one before `metric.version`. Throws when the new name was
 * taken in the meantime, because of the unique index.
 */
export function updateMetric(control: D1Database, metric: StoredMetric) {
  const { id, organization_id, created_by: _, created_at: __, ...change } = toRow(metric);
  return drizzle(control)
    .update(metrics)
    .set(change)
    .where(
      and(
        eq(metrics.id, id),
        eq(metrics.organization_id, organization_id),
        eq(metrics.version, metric.version - 1),
      ),
    );
}

/** Updates the unit of a metric. */
export function setUnit(control: D1Database, { id, unit }: Pick<Metric, "id" | "unit">) {
  return drizzle(control).update(metrics).set({ unit }).where(eq(metrics.id, id));
}

/** Deletes a metric. */
export function deleteMetric(control: D1Database, id: string) {
  return drizzle(control).delete(metrics).where(eq(metrics.id, id));
}

/**
 * Returns the rules of these metrics and of all metrics they use, as far as the viewer can see them. A shared metric has
 * precedence over a private one of the same name.
 */
export async function definitionsOf(
  control: D1Database,
  viewer: Viewer,
  names: readonly string[],
): Promise<Record<string, MetricRule>> {
  if (!names.length) return {};
  const needed = sql`(WITH RECURSIVE needed(name) AS (
      SELECT value FROM json_each(${JSON.stringify(names)})
      UNION SELECT j.value FROM needed n JOIN ${metrics} ON ${metrics.name} = n.name AND ${visibleTo(viewer)},
        json_each(${metrics.mentions}) j)
    SELECT name FROM needed)`;
  const rows = await drizzle(control)
    .select({ name: metrics.name, definition: metrics.definition })
    .from(metrics)
    .where(and(visibleTo(viewer), inArray(metrics.name, needed)))
    .orderBy(eq(metrics.sharing, "organization"));
  return Object.fromEntries(rows.map(({ name, definition }) => [name, definition.rule]));
}

/** Returns the metrics and dashboards that use a metric, as far as the viewer can see them. */
export async function usesOf(control: D1Database, viewer: Viewer, name: string): Promise<MetricUse[]> {
  const db = drizzle(control);
  const mentionedIn = ({ mentions }: typeof metrics | typeof dashboards) =>
    sql`EXISTS (SELECT 1 FROM json_each(${mentions}) WHERE value = ${name})`;
  const ofMetrics = db
    .select({
      kind: sql<MetricUse["kind"]>`'metric'`.as("kind"),
      id: metrics.id,
      name: metrics.name,
      project_id: sql<string | null>`NULL`.as("project_id"),
    })
    .from(metrics)
    .where(and(visibleTo(viewer), mentionedIn(metrics)));
  const ofDashboards = db
    .select({
      kind: sql<MetricUse["kind"]>`'dashboard'`.as("kind"),
      id: dashboards.id,
      name: dashboards.name,
      project_id: sql<string | null>`${dashboards.project_id}`.as("project_id"),
    })
    .from(dashboards)
    .innerJoin(projects, eq(projects.id, dashboards.project_id))
    .where(
      and(
        eq(projects.organization_id, viewer.organization),
        isNull(projects.deleted_at),
        sharedWith(dashboards, viewer.user),
        mentionedIn(dashboards),
      ),
    );
  return unionAll(ofMetrics, ofDashboards).orderBy(sql`kind DESC`, sql`name`);
}
