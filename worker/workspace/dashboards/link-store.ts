/**
 * Public links in the control database. The token stands in the address alone; its SHA-256 is kept.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type { Link, linkCreateSchema } from "../../../schema/wire/link";
import { fingerprint, randomSecret } from "../../lib/secret";
import { type ProjectContext, readSettings } from "../../tenancy/projects";
import { type KeptDashboard, readDashboard } from "./dashboard-store";

/** Bytes of a token: 192 bits cannot be guessed. */
const TOKEN_BYTES = 24;

type Options = Pick<Link, "range" | "filters" | "embed_in">;

interface Row extends Omit<Link, keyof Options | "has_password"> {
  options: string;
  has_password: number;
}

const COLUMNS = `l.id, l.dashboard_id, l.name, l.options, l.expires_at, l.revoked_at, l.created_by, l.created_at,
  l.password IS NOT NULL AS has_password`;

function toLink({ options, has_password, ...row }: Row): Link {
  const parsed: Options = JSON.parse(options);
  return { ...row, ...parsed, has_password: has_password === 1 };
}

/** A link to create. `password` is a hash. */
type LinkWanted = Omit<z.output<typeof linkCreateSchema>, "password"> & { password: string | null };

/** Creates a link to a dashboard. Its token is returned only here. */
export async function createLink(
  control: D1Database,
  dashboard: string,
  { name, password, expires_at, range, filters, embed_in }: LinkWanted,
  by: { user: string; now: number },
): Promise<Link & { token: string }> {
  const id = ulid(by.now).toLowerCase();
  const token = randomSecret(TOKEN_BYTES);
  const options: Options = { range, filters, embed_in };
  await control
    .prepare(
      `INSERT INTO links (id, dashboard_id, name, hash, password, options, expires_at, created_by, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
    )
    .bind(
      ...[id, dashboard, name, await fingerprint(token), password, JSON.stringify(options)],
      ...[expires_at, by.user, by.now],
    )
    .run();
  const shown = { id, dashboard_id: dashboard, name, ...options, expires_at, revoked_at: null };
  return { ...shown, has_password: password !== null, created_by: by.user, created_at: by.now, token };
}

/** Lists the links of a dashboard, newest first, with revoked ones. */
export async function listLinks(control: D1Database, dashboard: string): Promise<Link[]> {
  const { results } = await control
    .prepare(`SELECT ${COLUMNS} FROM links l WHERE l.dashboard_id = ?1 ORDER BY l.id DESC`)
    .bind(dashboard)
    .all<Row>();
  return results.map(toLink);
}

/**
 * Ends a link of the dashboard: one that `maker` made, or any when it is null. Answers it as it was, null when there is
 * no such link or it is revoked already.
 */
export async function revokeLink(
  control: D1Database,
  dashboard: string,
  id: string,
  { maker, now }: { maker: string | null; now: number },
): Promise<Pick<Link, "id" | "name"> | null> {
  return control
    .prepare(
      `UPDATE links SET revoked_at = ?4 WHERE id = ?1 AND dashboard_id = ?2 AND revoked_at IS NULL
       AND (?3 IS NULL OR created_by = ?3) RETURNING id, name`,
    )
    .bind(id, dashboard, maker, now)
    .first<Pick<Link, "id" | "name">>();
}

/** A link in force, with what it opens. */
export interface OpenLink {
  link: Link;
  /** Hash of the password, null when there is none. */
  password: string | null;
  project: Pick<ProjectContext, "id" | "organization_id" | "timezone" | "settings">;
  dashboard: KeptDashboard;
}

/** The link of a token; null when it is unknown, revoked or over, or its project is deleted. */
export async function findLink(control: D1Database, token: string, now: number): Promise<OpenLink | null> {
  const row = await control
    .prepare(
      `SELECT ${COLUMNS}, l.password, p.id AS project, p.organization_id, p.timezone, p.settings, d.created_by AS maker
       FROM links l JOIN dashboards d ON d.id = l.dashboard_id JOIN projects p ON p.id = d.project_id
       WHERE l.hash = ?1 AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > ?2)
       AND p.deleted_at IS NULL`,
    )
    .bind(await fingerprint(token), now)
    .first<
      Row & {
        password: string | null;
        project: string;
        organization_id: string;
        timezone: string;
        settings: string;
        maker: string;
      }
    >();
  if (!row) return null;
  const { password, project, organization_id, timezone, settings, maker, ...rest } = row;
  const dashboard = await readDashboard(control, { project, user: maker }, row.dashboard_id);
  return (
    dashboard && {
      link: toLink(rest),
      password,
      project: { id: project, organization_id, timezone, settings: readSettings(settings) },
      dashboard,
    }
  );
}
