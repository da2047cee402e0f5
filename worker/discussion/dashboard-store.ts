/**
 * What a conversation needs to know of the dashboard that it is on.
 * @module
 */

/** A dashboard as far as it is talked about. */
export interface Spoken {
  id: string;
  name: string;
  sharing: "private" | "organization";
  widgets: string[];
}

/** The project's dashboard if the user sees it: a private one is its maker's alone. */
export async function seenDashboard(
  control: D1Database,
  { project, user }: { project: string; user: string },
  id: string,
): Promise<Spoken | null> {
  const row = await control
    .prepare(
      `SELECT id, name, sharing,
         (SELECT json_group_array(w.value ->> '$.id') FROM json_each(content, '$.widgets') w) AS widgets
       FROM dashboards WHERE id = ?3 AND project_id = ?1 AND (sharing = 'organization' OR created_by = ?2)`,
    )
    .bind(project, user, id)
    .first<Omit<Spoken, "widgets"> & { widgets: string }>();
  return row && { ...row, widgets: JSON.parse(row.widgets) };
}
