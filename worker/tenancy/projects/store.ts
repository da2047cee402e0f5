/**
 * Projects in the control database.
 * @module
 */
import { and, eq, getTableColumns, gt, isNull, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import type { z } from "zod";
import { members, projectKeys, projects } from "../../../schema/tables/control";
import { rowsKeySql } from "../../../schema/tables/generation";
import { dirtyDays, foldState } from "../../../schema/tables/shard";
import type {
  Project,
  ProjectConfig,
  ProjectUpdate,
  projectCreateSchema,
} from "../../../schema/wire/project";
import { guard, runGuardedBatch } from "../../lib/guard";
import { inJson } from "../../lib/sql";
import { forgetProject, isKeyValid, newKey } from "./key";
import { readSettings } from "./settings";
import { groupByShard, pickShard, type ShardBindings, storesOfShard } from "./shard";

/** The condition for a project that is not deleted. */
const isLive = isNull(projects.deleted_at);

/** Projects that are not deleted, with the keys that work at `now`, newest first. */
function selectProjects(control: D1Database, condition: SQL | undefined, now: number) {
  const db = drizzle(control);
  const { deleted_at: _, ...columns } = getTableColumns(projects);
  const { api_key, expires_at, created_at } = projectKeys;
  const list = sql`json_group_array(json_array(${api_key}, ${expires_at}) ORDER BY ${created_at} DESC)`;
  const keys = db
    .select({ list })
    .from(projectKeys)
    .where(and(eq(projectKeys.project, projects.id), isKeyValid(now)));
  return db
    .select({ ...columns, keys: sql`${keys}`.mapWith((json): StoredKey[] => JSON.parse(json)) })
    .from(projects)
    .where(and(isLive, condition))
    .orderBy(projects.id);
}

type StoredKey = [api_key: string, expires_at: number | null];
type ProjectRow = Awaited<ReturnType<typeof selectProjects>>[number];

function toProject(row: ProjectRow, { first_event_at, timezone, zone_change }: FoldedPart): Project {
  const { keys, settings, shard: _, ...rest } = row;
  return {
    ...rest,
    timezone,
    zone_change,
    settings: readSettings(settings),
    api_key: keys.find(([, expires]) => expires === null)?.[0] ?? "",
    previous_keys: keys.flatMap(([api_key, expires_at]) =>
      expires_at === null ? [] : [{ api_key, expires_at }],
    ),
    first_event_at,
  };
}

/** The part of a project that its shard knows. */
type FoldedPart = Pick<Project, "first_event_at" | "timezone" | "zone_change">;

/** Reads the parts that shards know of projects, from their fold states. */
async function foldedParts(bindings: ShardBindings, ids: string[]): Promise<Map<string, FoldedPart>> {
  const byShard = await groupByShard(bindings, ids);
  const { project, first_event_at, timezone, next_timezone, next_days } = foldState;
  const reads = [...byShard].map(([shard, own]) => {
    const db = drizzle(storesOfShard(bindings, shard).db);
    // Few: of the generation that is being built. Null unless the time zone changes.
    const waiting = (condition: SQL) => {
      const days = sql`SELECT count(*) FROM ${dirtyDays} d WHERE d.project = ${NEXT_KEY} AND ${condition}`;
      return sql<number>`iif(${next_timezone} IS NULL, 0, (${days}))`;
    };
    return db
      .select({
        project,
        first_event_at,
        timezone,
        next_timezone,
        next_days,
        waiting: waiting(sql`true`),
        failing_days: waiting(sql`d.failures > 0`),
      })
      .from(foldState)
      .where(inJson(project, own));
  });
  const rows = (await Promise.all(reads)).flat();
  return new Map(
    rows.map(({ project, first_event_at, timezone, next_timezone, next_days, waiting, failing_days }) => {
      const days_done = Math.max(0, next_days - waiting);
      const change = { timezone: next_timezone ?? "", days_done, days_total: next_days, failing_days };
      return [project, { first_event_at, timezone, zone_change: next_timezone === null ? null : change }];
    }),
  );
}

const NEXT_KEY = sql.raw(rowsKeySql("fold_state", "last_generation"));

/** The part of a project without a fold state: one that is being deleted, or new. */
const unfolded = (timezone: string): FoldedPart => ({ first_event_at: null, timezone, zone_change: null });

/** A project as project routes need it. */
export type ProjectContext = ProjectConfig & { organization_id: string };

/** The project by id in any organization, without its keys; null when unknown or deleted. */
export async function findProject(control: D1Database, id: string): Promise<ProjectContext | null> {
  const { organization_id, timezone, domain, settings } = projects;
  const row = await drizzle(control)
    .select({ id: projects.id, organization_id, timezone, domain, settings })
    .from(projects)
    .where(and(eq(projects.id, id), isLive))
    .get();
  return row ? { ...row, settings: readSettings(row.settings) } : null;
}

/** The project as the API returns it; null when unknown or deleted. */
export async function readProject(bindings: ShardBindings, id: string, now: number): Promise<Project | null> {
  const [row, folded] = await Promise.all([
    selectProjects(bindings.CONTROL, eq(projects.id, id), now).get(),
    foldedParts(bindings, [id]),
  ]);
  return row ? toProject(row, folded.get(id) ?? unfolded(row.timezone)) : null;
}

/** Up to `limit` projects of the organizations whose id is above `after`, oldest first. */
export async function listProjects(
  bindings: ShardBindings,
  organizations: string[],
  page: { after: string; limit: number; now: number },
): Promise<Project[]> {
  const condition = and(inJson(projects.organization_id, organizations), gt(projects.id, page.after));
  const rows = await selectProjects(bindings.CONTROL, condition, page.now).limit(page.limit);
  const ids = rows.map((row) => row.id);
  const folded = await foldedParts(bindings, ids);
  return rows.map((row) => toProject(row, folded.get(row.id) ?? unfolded(row.timezone)));
}

/** Ids of the organizations' projects. */
export async function projectIdsOf(control: D1Database, organizations: string[]): Promise<string[]> {
  const rows = await drizzle(control)
    .select({ id: projects.id })
    .from(projects)
    .where(and(inJson(projects.organization_id, organizations), isLive));
  return rows.map(({ id }) => id);
}

/** The creator of a project: at most `most` projects may be in the user's organizations. */
export interface Maker {
  user: string;
  most: number;
}

/** Whether the creator may have another project. */
function isBelowLimit(db: DrizzleD1Database, { user, most }: Maker): SQL {
  const joined = and(eq(members.organizationId, projects.organization_id), eq(members.userId, user));
  const count = db.select({ n: sql`count(*)` }).from(projects).innerJoin(members, joined).where(isLive);
  return sql`${count} < ${most}`;
}

/**
 * Creates a project with its key, after its fold state in its shard: a fold state without a project does no harm. Returns
 * null when the creator, if given, has the maximum number of projects.
 */
export async function createProject(
  bindings: ShardBindings,
  organization: string,
  wanted: Omit<z.output<typeof projectCreateSchema>, "organization_id">,
  now: number,
  maker?: Maker,
): Promise<Project | null> {
  const id = `p${ulid(now).toLowerCase()}`;
  const { name, timezone } = wanted;
  const db = drizzle(bindings.CONTROL);
  const shard = await pickShard(bindings);
  const database = drizzle(storesOfShard(bindings, shard).db);
  await database.insert(foldState).values({ project: id, timezone, own_ids: 0 });
  const domain = wanted.domain || null;
  const row = {
    id,
    organization_id: organization,
    name,
    domain,
    timezone,
    settings: "{}",
    shard,
    created_at: now,
  };
  const key = { api_key: newKey(), project: id, created_at: now };
  const isMade = await runGuardedBatch(db, [
    guard(db, maker ? isBelowLimit(db, maker) : sql`true`),
    db.insert(projects).values(row),
    db.insert(projectKeys).values(key),
  ]);
  if (!isMade) {
    await database.delete(foldState).where(eq(foldState.project, id));
    return null;
  }
  return toProject({ ...row, keys: [[key.api_key, null]] }, unfolded(timezone));
}

/** Updates the given fields. The shard's fold state has its own time zone; see `changeTimeZone` of worker/pipeline/fold. */
export async function updateProject(control: D1Database, id: string, change: ProjectUpdate): Promise<void> {
  const { name, timezone, domain, settings = {} } = change;
  await drizzle(control)
    .update(projects)
    .set({
      name,
      timezone,
      settings: sql`json_patch(${projects.settings}, ${JSON.stringify(settings)})`,
      domain: domain === undefined ? undefined : domain || null,
    })
    .where(eq(projects.id, id));
  forgetProject(id);
}

/** Marks the project as deleted and deletes its keys, so that no query finds it. */
export async function deleteProject(control: D1Database, id: string, now: number): Promise<void> {
  const db = drizzle(control);
  await db.batch([
    db
      .update(projects)
      .set({ deleted_at: now })
      .where(and(eq(projects.id, id), isLive)),
    db.delete(projectKeys).where(eq(projectKeys.project, id)),
  ]);
  forgetProject(id);
}
