/**
 * A guard for transactions that rest on what was read before.
 * @module
 */
import { guardStatement } from "../../lib/guard";

interface Versioned {
  id: string;
  version: number;
}

/**
 * Returns a guard that aborts its batch unless the shared metrics of the organization and dashboards of the project are
 * exactly these, at these versions.
 */
export function versionsHold(
  control: D1Database,
  { organization, project }: { organization: string; project: string },
  metrics: readonly Versioned[],
  dashboards: readonly Versioned[],
): D1PreparedStatement {
  const text = (rows: readonly Versioned[]) => JSON.stringify(rows.map(({ id, version }) => [id, version]));
  const held = (table: string, column: string, owner: string, rows: string) =>
    `(SELECT count(*) FROM ${table} WHERE ${column} = ${owner} AND sharing = 'organization') = json_array_length(${rows})
     AND (SELECT count(*) FROM json_each(${rows}) j JOIN ${table} t
       ON t.id = j.value ->> 0 AND t.version = j.value ->> 1) = json_array_length(${rows})`;
  const condition = `${held("metrics", "organization_id", "?1", "?3")} AND ${held("dashboards", "project_id", "?2", "?4")}`;
  return guardStatement(control, condition, organization, project, text(metrics), text(dashboards));
}
