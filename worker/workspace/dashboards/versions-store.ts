/**
 * A guard for transactions that depend on earlier reads.
 * @module
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { dashboards, metrics } from "../../../schema/tables/content";
import { guard } from "../../lib/guard";

interface Versioned {
  id: string;
  version: number;
}

/**
 * Returns a guard that aborts its batch unless the shared metrics of the organization and dashboards of the project are
 * exactly these, at these versions.
 */
export function areUnchanged(
  control: D1Database,
  { organization, project }: { organization: string; project: string },
  storedMetrics: readonly Versioned[],
  storedDashboards: readonly Versioned[],
) {
  const db = drizzle(control);
  const isUnchanged = (
    table: typeof metrics | typeof dashboards,
    isOwned: SQL,
    rows: readonly Versioned[],
  ): SQL => {
    const versions = JSON.stringify(rows.map(({ id, version }) => [id, version]));
    return sql`${db.$count(table, and(isOwned, eq(table.sharing, "organization")))} = ${rows.length}
      AND (SELECT count(*) FROM json_each(${versions}) j JOIN ${table}
        ON ${table.id} = j.value ->> 0 AND ${table.version} = j.value ->> 1) = ${rows.length}`;
  };
  return guard(
    db,
    sql`${isUnchanged(metrics, eq(metrics.organization_id, organization), storedMetrics)}
      AND ${isUnchanged(dashboards, eq(dashboards.project_id, project), storedDashboards)}`,
  );
}
