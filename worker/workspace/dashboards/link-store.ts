/**
 * Public links in the control database. The token is only in the address; its SHA-256 is stored.
 * @module
 */
import { and, desc, eq, getTableColumns, gt, isNull, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import type { z } from "zod";
import { dashboards, links } from "../../../schema/tables/content";
import { projects } from "../../../schema/tables/control";
import type { Link, linkCreateSchema } from "../../../schema/wire/link";
import { fingerprint, randomSecret } from "../../lib/secret";
import { type ProjectContext, readSettings } from "../../tenancy/projects";
import { type StoredDashboard, toDashboard } from "./dashboard-store";

/** Bytes of a token: 192 bits cannot be guessed. */
const TOKEN_BYTES = 24;

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

/** A valid link, with its dashboard and project. */
export interface OpenLink {
  link: Link;
  /** Hash of the password, null when there is none. */
  password: string | null;
  project: Pick<ProjectContext, "id" | "organization_id" | "timezone" | "settings">;
  dashboard: StoredDashboard;
}

/** Returns the link of a token; null when it is unknown, revoked or expired, or its project is deleted. */
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
    .where(
      and(
        eq(links.hash, await fingerprint(token)),
        isNull(links.revoked_at),
        or(isNull(links.expires_at), gt(links.expires_at, now)),
        isNull(projects.deleted_at),
      ),
    );
  if (!row) return null;
  return {
    link: toLink(row.link),
    password: row.link.password,
    project: { ...row.project, settings: readSettings(row.project.settings) },
    dashboard: toDashboard(row.dashboard),
  };
}
