/**
 * Public links in the control database. The token is only in the address; its SHA-256 is stored.
 * @module
 */
import { and, desc, eq, getTableColumns, gt, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import type { z } from "zod";
import { dashboards, links } from "../../../schema/tables/content";
import { projects, users } from "../../../schema/tables/control";
import type { OrganizationLink } from "../../../schema/wire/access";
import type { Link, linkCreateSchema } from "../../../schema/wire/link";
import type { Sharing } from "../../../schema/wire/metric";
import { fingerprint, randomSecret } from "../../lib/secret";
import { hasRole } from "../../tenancy/accounts";
import { type ProjectContext, readSettings } from "../../tenancy/projects";
import { type StoredDashboard, toDashboard } from "./dashboard-store";

/** Bytes of a token: 192 bits cannot be guessed. */
const TOKEN_BYTES = 24;

/** Least role that makes links. */
export const LEAST_ROLE = "editor";

const { hash: _, ...COLUMNS } = getTableColumns(links);

function toLink({ options, password, ...row }: Omit<typeof links.$inferSelect, "hash">): Link {
  return { ...row, ...options, has_password: password !== null };
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
  const token = randomSecret(TOKEN_BYTES);
  const link = {
    id: ulid(by.now).toLowerCase(),
    dashboard_id: dashboard,
    name,
    password,
    options: { range, filters, embed_in },
    expires_at,
    revoked_at: null,
    created_by: by.user,
    created_at: by.now,
  };
  await drizzle(control)
    .insert(links)
    .values({ ...link, hash: await fingerprint(token) });
  return { ...toLink(link), token };
}

/** Lists the links of a dashboard, newest first, with revoked ones. */
export async function listLinks(control: D1Database, dashboard: string): Promise<Link[]> {
  const rows = await drizzle(control)
    .select(COLUMNS)
    .from(links)
    .where(eq(links.dashboard_id, dashboard))
    .orderBy(desc(links.id));
  return rows.map(toLink);
}

/**
 * Revokes a link of the dashboard: one that `author` created, or any when it is null. Returns null when there is no such
 * link or it is revoked already.
 */
export async function revokeLink(
  control: D1Database,
  dashboard: string,
  id: string,
  { author, now }: { author: string | null; now: number },
): Promise<Pick<Link, "id" | "name"> | null> {
  const [link = null] = await drizzle(control)
    .update(links)
    .set({ revoked_at: now })
    .where(
      and(
        eq(links.id, id),
        eq(links.dashboard_id, dashboard),
        isNull(links.revoked_at),
        author === null ? undefined : eq(links.created_by, author),
      ),
    )
    .returning({ id: links.id, name: links.name });
  return link;
}

/** Whether a link works: not revoked or expired, and its maker may still make it. Of links, dashboards and projects. */
function isUsable(now: number): SQL {
  const { created_by, expires_at, revoked_at } = links;
  const isVisible = or(eq(dashboards.sharing, "organization"), eq(dashboards.created_by, created_by));
  const isOpen = and(isNull(revoked_at), or(isNull(expires_at), gt(expires_at, now)));
  return sql`(${isOpen} AND ${isVisible} AND ${hasRole(created_by, projects.organization_id, LEAST_ROLE)})`;
}

/** Links of an organization's projects that are not revoked, newest first. */
export async function listOrganizationLinks(
  control: D1Database,
  organization: string,
  now: number,
): Promise<OrganizationLink[]> {
  const { id, name, created_by, created_at, expires_at, password } = links;
  return drizzle(control)
    .select({
      ...{ id, name, created_at, expires_at, project_id: projects.id },
      dashboard: { id: dashboards.id, name: dashboards.name, sharing: dashboards.sharing },
      made_by: { user_id: created_by, name: sql<string>`coalesce(${users.name}, 'Former member')` },
      has_password: isNotNull(password).mapWith(Boolean),
      works: isUsable(now).mapWith(Boolean),
    })
    .from(links)
    .innerJoin(dashboards, eq(dashboards.id, links.dashboard_id))
    .innerJoin(projects, eq(projects.id, dashboards.project_id))
    .leftJoin(users, eq(users.id, created_by))
    .where(
      and(eq(projects.organization_id, organization), isNull(projects.deleted_at), isNull(links.revoked_at)),
    )
    .orderBy(desc(id));
}

/** Revokes a link of the organization, created by any member. Returns null when there is no such link or it is already revoked. */
export async function revokeOrganizationLink(
  control: D1Database,
  organization: string,
  id: string,
  now: number,
): Promise<(Pick<Link, "id" | "name"> & { project_id: string; sharing: Sharing }) | null> {
  const db = drizzle(control);
  const { project_id, sharing } = dashboards;
  const named = and(eq(links.id, id), isNull(links.revoked_at));
  const found = await db
    .select({ id: links.id, name: links.name, project_id, sharing })
    .from(links)
    .innerJoin(dashboards, eq(dashboards.id, links.dashboard_id))
    .innerJoin(projects, eq(projects.id, project_id))
    .where(and(named, eq(projects.organization_id, organization)))
    .get();
  if (!found) return null;
  const { meta } = await db.update(links).set({ revoked_at: now }).where(named);
  return meta.changes > 0 ? found : null;
}

/** A valid link, with its dashboard and project. */
export interface OpenLink {
  link: Link;
  /** Hash of the password, null when there is none. */
  password: string | null;
  project: Pick<ProjectContext, "id" | "organization_id" | "timezone" | "settings">;
  dashboard: StoredDashboard;
}

/**
 * Returns the link of a token; null when it is unknown, revoked or expired, when its project is deleted, or when its maker
 * may no longer make it.
 */
export async function findLink(control: D1Database, token: string, now: number): Promise<OpenLink | null> {
  const { id, organization_id, timezone, settings } = getTableColumns(projects);
  const [row] = await drizzle(control)
    .select({
      link: COLUMNS,
      project: { id, organization_id, timezone, settings },
      dashboard: getTableColumns(dashboards),
    })
    .from(links)
    .innerJoin(dashboards, eq(dashboards.id, links.dashboard_id))
    .innerJoin(projects, eq(projects.id, dashboards.project_id))
    .where(and(eq(links.hash, await fingerprint(token)), isUsable(now), isNull(projects.deleted_at)));
  if (!row) return null;
  return {
    link: toLink(row.link),
    password: row.link.password,
    project: { ...row.project, settings: readSettings(row.project.settings) },
    dashboard: toDashboard(row.dashboard),
  };
}
