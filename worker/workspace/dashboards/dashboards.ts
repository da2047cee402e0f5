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
  type KeptDashboard,
  MAX_DASHBOARDS,
  readDashboard,
  slugsLike,
  updateDashboard,
} from "./dashboard-store";
import { knownFor, type Maker } from "./known";
import { askedIn } from "./questions";
import { isFaulty, refuseFaults, refuseVersion } from "./refusal";
import { freeSlug, slugOf } from "./slug";

/** The author of a change, and the project. */
export interface ProjectMaker extends Maker {
  project: string;
}

/** A dashboard to create. */
type DashboardWanted = z.output<typeof dashboardCreateSchema>;

/** Returns a dashboard as the API shows it. */
export function shown({ mentions: _, ...dashboard }: KeptDashboard): Dashboard {
  return dashboard;
}

/** Creates a dashboard. */
export async function createDashboard(
  control: D1Database,
  maker: ProjectMaker,
  wanted: DashboardWanted,
  now: number,
): Promise<KeptDashboard | Refusal> {
  if ((await countDashboards(control, maker.project)) >= MAX_DASHBOARDS) {
    return refuseAt(
      "too_many_dashboards",
      "",
      `A project can have at most ${MAX_DASHBOARDS} dashboards: delete one first`,
    );
  }
  const made = await prepareDashboard(control, maker, wanted, now);
  if ("code" in made) return made;
  const { meta } = await insertDashboard(control, made).run();
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
  maker: ProjectMaker,
  wanted: DashboardWanted,
  now: number,
): Promise<KeptDashboard | Refusal> {
  const refusal = await refuseUnsound(control, maker, wanted);
  if (refusal) return refusal;
  return {
    ...wanted,
    id: `d${ulid(now).toLowerCase()}`,
    project_id: maker.project,
    slug: wanted.sharing === "private" ? null : await newSlug(control, maker.project, wanted.name),
    mentions: askedIn(wanted),
    created_by: maker.user,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}

async function refuseUnsound(
  control: D1Database,
  maker: Maker,
  wanted: DashboardWanted,
): Promise<Refusal | null> {
  const known = await knownFor(control, maker, wanted.sharing, askedIn(wanted));
  const faults = checkDashboard(wanted, known);
  return isFaulty(faults) ? refuseFaults(faults) : null;
}

async function newSlug(control: D1Database, project: string, name: string): Promise<string> {
  const slug = slugOf(name);
  return freeSlug(slug, await slugsLike(control, project, slug));
}

/** Changes a dashboard. Returns null when the user sees none of this id. Only its author may make it private. */
export async function changeDashboard(
  control: D1Database,
  maker: ProjectMaker,
  id: string,
  { version, filters, ...change }: z.output<typeof dashboardUpdateSchema>,
  now: number,
): Promise<KeptDashboard | Refusal | null> {
  const kept = await readDashboard(control, maker, id);
  if (!kept) return null;
  if (kept.version !== version) return refuseVersion("dashboard", kept.version);
  const wanted: KeptDashboard = { ...kept, ...change };
  if (filters !== undefined) wanted.filters = filters ?? undefined;
  if (wanted.sharing === "private" && kept.created_by !== maker.user) {
    return refuseAt("author_required", "sharing", "Only the author of the dashboard can make it private");
  }
  const refusal = await refuseUnsound(control, maker, wanted);
  if (refusal) return refusal;
  const isPrivate = wanted.sharing === "private";
  const changed: KeptDashboard = {
    ...wanted,
    slug: isPrivate ? null : (kept.slug ?? (await newSlug(control, maker.project, wanted.name))),
    mentions: askedIn(wanted),
    version: version + 1,
    updated_at: now,
  };
  const { meta } = await updateDashboard(control, changed).run();
  if (meta.changes > 0) return changed;
  const current = await readDashboard(control, maker, id);
  return current && refuseVersion("dashboard", current.version);
}
