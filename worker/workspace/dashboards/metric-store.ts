/**
 * Defined metrics in the control database.
 * @module
 */
import type { Metric, MetricDefinition, MetricRule, MetricUse } from "../../../schema/wire/metric";

/** Maximum number of metrics of an organization. */
export const MAX_METRICS = 1000;

/** An organization, and the user whose private metrics are included; null for shared ones only. */
export interface Viewer {
  organization: string;
  user: string | null;
}

/** A stored metric, with the names of the defined metrics that its rule uses. */
export type KeptMetric = Metric & { mentions: string[] };

interface Row extends Omit<Metric, keyof MetricDefinition | "verified"> {
  name: string;
  definition: string;
  mentions: string;
  verified: number;
}

const VISIBLE = "organization_id = ?1 AND (sharing = 'organization' OR created_by = ?2)";

function toMetric({ definition, mentions, ...row }: Row): KeptMetric {
  const fields: MetricDefinition = JSON.parse(definition);
  return { ...fields, ...row, verified: row.verified === 1, mentions: JSON.parse(mentions) };
}

/** Lists the metrics that the viewer sees, by name. */
export async function listMetrics(control: D1Database, viewer: Viewer): Promise<KeptMetric[]> {
  const { results } = await control
    .prepare(`SELECT * FROM metrics WHERE ${VISIBLE} ORDER BY name, sharing`)
    .bind(viewer.organization, viewer.user)
    .all<Row>();
  return results.map(toMetric);
}

/** Returns a metric, or null when the viewer does not see one of this id. */
export async function readMetric(
  control: D1Database,
  viewer: Viewer,
  id: string,
): Promise<KeptMetric | null> {
  const row = await control
    .prepare(`SELECT * FROM metrics WHERE ${VISIBLE} AND id = ?3`)
    .bind(viewer.organization, viewer.user, id)
    .first<Row>();
  return row && toMetric(row);
}

/** Inserts a metric. Does nothing when its name is taken. */
export function insertMetric(control: D1Database, metric: KeptMetric): D1PreparedStatement {
  return control
    .prepare(
      `INSERT INTO metrics (id, organization_id, name, definition, mentions, unit, sharing, verified, created_by,
       version, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
       ON CONFLICT DO NOTHING`,
    )
    .bind(...values(metric));
}

/**
 * Replaces the metric of the id, if it is the version before `metric.version`. A new name that is taken by then breaks
 * the unique index: the statement throws.
 */
export function updateMetric(control: D1Database, metric: KeptMetric): D1PreparedStatement {
  return control
    .prepare(
      `UPDATE metrics SET name = ?3, definition = ?4, mentions = ?5, unit = ?6, sharing = ?7, verified = ?8,
       version = ?10, updated_at = ?12
       WHERE id = ?1 AND organization_id = ?2 AND version = ?10 - 1`,
    )
    .bind(...values(metric));
}

function values(metric: KeptMetric): unknown[] {
  const { name, label, description, rule, format, good } = metric;
  const definition: MetricDefinition = { name, label, description, rule, format, good };
  return [
    metric.id,
    metric.organization_id,
    name,
    JSON.stringify(definition),
    JSON.stringify(metric.mentions),
    metric.unit,
    metric.sharing,
    metric.verified ? 1 : 0,
    metric.created_by,
    metric.version,
    metric.created_at,
    metric.updated_at,
  ];
}

/** Updates the unit of a metric. */
export function setUnit(control: D1Database, { id, unit }: Pick<Metric, "id" | "unit">): D1PreparedStatement {
  return control.prepare("UPDATE metrics SET unit = ?2 WHERE id = ?1").bind(id, unit);
}

/** Deletes a metric. */
export function deleteMetric(control: D1Database, id: string): D1PreparedStatement {
  return control.prepare("DELETE FROM metrics WHERE id = ?1").bind(id);
}

/**
 * Returns the rules of these metrics and of all metrics that they use, as far as the viewer sees them. A shared metric wins
 * over a private one of the same name.
 */
export async function definitionsOf(
  control: D1Database,
  viewer: Viewer,
  names: readonly string[],
): Promise<Record<string, MetricRule>> {
  if (!names.length) return {};
  const { results } = await control
    .prepare(
      `WITH RECURSIVE needed(name) AS (
         SELECT value FROM json_each(?3)
         UNION SELECT j.value FROM needed n JOIN metrics m ON m.name = n.name AND ${VISIBLE}, json_each(m.mentions) j)
       SELECT name, definition FROM metrics WHERE ${VISIBLE} AND name IN (SELECT name FROM needed)
       ORDER BY sharing = 'organization'`,
    )
    .bind(viewer.organization, viewer.user, JSON.stringify(names))
    .all<{ name: string; definition: string }>();
  return Object.fromEntries(
    results.map(({ name, definition }) => {
      const { rule }: MetricDefinition = JSON.parse(definition);
      return [name, rule];
    }),
  );
}

/** Returns the metrics and dashboards that use a metric, as far as the viewer sees them. */
export async function usesOf(control: D1Database, viewer: Viewer, name: string): Promise<MetricUse[]> {
  const { results } = await control
    .prepare(
      `SELECT 'metric' AS kind, id, name, NULL AS project_id FROM metrics
       WHERE ${VISIBLE} AND EXISTS (SELECT 1 FROM json_each(mentions) WHERE value = ?3)
       UNION ALL
       SELECT 'dashboard', d.id, d.name, d.project_id FROM dashboards d JOIN projects p ON p.id = d.project_id
       WHERE p.organization_id = ?1 AND p.deleted_at IS NULL AND (d.sharing = 'organization' OR d.created_by = ?2)
       AND EXISTS (SELECT 1 FROM json_each(d.mentions) WHERE value = ?3)
       ORDER BY 1 DESC, 3`,
    )
    .bind(viewer.organization, viewer.user, name)
    .all<MetricUse>();
  return results;
}
