/**
 * Creates and changes dashboards.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type { Dashboard, dashboardCreateSchema, dashboardUpdateSchema } from "../../../schema/wire/dashboard";
import { type Refusal, refuseAt } from "../../lib/refusal";
import { checkDashboard } from "./check";
import {
  countDashboards,
  insertDashboard,
  MAX_DASHBOARDS,
  readDashboard,
  type StoredDashboard,
  slugsLike,
  updateDashboard,
} from "./dashboard-store";
import { type Author, knownFor } from "./known";
import { usedMetrics } from "./questions";
import { isFaulty, refuseFaults, refuseVersion } from "./refusal";
import { freeSlug, slugOf } from "./slug";

/** The author of a change, and the project. */
export interface ProjectAuthor extends Author {
  project: string;
}

/** A dashboard to create. */
type DashboardWanted = z.output<typeof dashboardCreateSchema>;

/** Returns a dashboard as the API returns it. */
export function shown({ mentions: _, ...dashboard }: StoredDashboard): Dashboard {
  return dashboard;
}

/** Creates a dashboard. */
export async function createDashboard(
  control: D1Database,
  author: ProjectAuthor,
  wanted: DashboardWanted,
  now: number,
): Promise<StoredDashboard | Refusal> {
  if ((await countDashboards(control, author.project)) >= MAX_DASHBOARDS) {
    return refuseAt(
      "too_many_dashboards",
      "",
      `A project can have at most ${MAX_DASHBOARDS} dashboards: delete one first`,
    );
  }
  const made = await prepareDashboard(control, author, wanted, now);
  if ("code" in made) return made;
  const { meta } = await insertDashboard(control, made);
  return meta.changes > 0
    ? made
    : refuseAt(
        "dashboard_name_conflict",
        "name",
        "Another dashboard of this name was created at the same time: try again",
      );
}

/** Returns a new, checked dashboard without storing it. */
async function prepareDashboard(
  control: D1Database,
  author: ProjectAuthor,
  wanted: DashboardWanted,
  now: number,
): Promise<StoredDashboard | Refusal> {
  const refusal = await refuseUnsound(control, author, wanted);
  if (refusal) return refusal;
  return {
    ...wanted,
    id: `d${ulid(now).toLowerCase()}`,
    project_id: author.project,
    slug: wanted.sharing === "private" ? null : await newSlug(control, author.project, wanted.name),
    mentions: usedMetrics(wanted),
    created_by: author.user,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}

async function refuseUnsound(
  control: D1Database,
  author: Author,
  wanted: DashboardWanted,
): Promise<Refusal | null> {
  const known = await knownFor(control, author, wanted.sharing, usedMetrics(wanted));
  const faults = checkDashboard(wanted, known);
  return isFaulty(faults) ? refuseFaults(faults) : null;
}

async function newSlug(control: D1Database, project: string, name: string): Promise<string> {
  const slug = slugOf(name);
  return freeSlug(slug, await slugsLike(control, project, slug));
}

/** Changes a dashboard. Returns null when the user cannot see one with this id. Only its author may make it private. */
export async function changeDashboard(
  control: D1Database,
  author: ProjectAuthor,
  id: string,
  { version, filters, ...change }: z.output<typeof dashboardUpdateSchema>,
  now: number,
): Promise<StoredDashboard | Refusal | null> {
  const stored = await readDashboard(control, author, id);
  if (!stored) return null;
  if (stored.version !== version) return refuseVersion("dashboard", stored.version);
  const wanted: StoredDashboard = { ...stored, ...change };
  if (filters !== undefined) wanted.filters = filters ?? undefined;
  if (wanted.sharing === "private" && stored.created_by !== author.user) {
    return refuseAt("author_required", "sharing", "Only the author of the dashboard can make it private");
  }
  const refusal = await refuseUnsound(control, author, wanted);
  if (refusal) return refusal;
  const isPrivate = wanted.sharing === "private";
  const changed: StoredDashboard = {
    ...wanted,
    slug: isPrivate ? null : (stored.slug ?? (await newSlug(control, author.project, wanted.name))),
    mentions: usedMetrics(wanted),
    version: version + 1,
    updated_at: now,
  };
  const { meta } = await updateDashboard(control, changed);
  if (meta.changes > 0) return changed;
  const current = await readDashboard(control, author, id);
  return current && refuseVersion("dashboard", current.version);
}
