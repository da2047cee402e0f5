/**
 * Notification settings of a project, in the control database.
 * @module
 */
import { and, eq, ne } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { notifyChannels, notifySettings } from "../../../schema/tables/notify";
import type { Sealed } from "../../lib/key-ring";

/** Returns the ids of the users who are notified; null for all admins. */
export async function readPeople(control: D1Database, project: string): Promise<string[] | null> {
  const row = await drizzle(control)
    .select({ people: notifySettings.people })
    .from(notifySettings)
    .where(eq(notifySettings.project_id, project))
    .get();
  return row?.people == null ? null : JSON.parse(row.people);
}

/** Returns the sealed configurations of a project by channel. */
export async function readConfigs(control: D1Database, project: string): Promise<Map<string, Sealed>> {
  const rows = await drizzle(control)
    .select()
    .from(notifyChannels)
    .where(eq(notifyChannels.project_id, project));
  return new Map(rows.map(({ channel, config, config_key }) => [channel, { text: config, key: config_key }]));
}

/** Saves the given settings in one transaction. A configuration of null removes the channel. */
export async function saveSettings(
  control: D1Database,
  project: string,
  people: string[] | null | undefined,
  configs: ReadonlyMap<string, Sealed | null>,
): Promise<void> {
  const db = drizzle(control);
  const statements = [...configs].map(([channel, sealed]) => {
    if (sealed === null)
      return db
        .delete(notifyChannels)
        .where(and(eq(notifyChannels.project_id, project), eq(notifyChannels.channel, channel)));
    const set = { config: sealed.text, config_key: sealed.key };
    return db
      .insert(notifyChannels)
      .values({ project_id: project, channel, ...set })
      .onConflictDoUpdate({ target: [notifyChannels.project_id, notifyChannels.channel], set });
  });
  const text = people && JSON.stringify(people);
  const [first, ...rest] = [
    ...(text === undefined
      ? []
      : [
          db
            .insert(notifySettings)
            .values({ project_id: project, people: text })
            .onConflictDoUpdate({ target: notifySettings.project_id, set: { people: text } }),
        ]),
    ...statements,
  ];
  if (first) await db.batch([first, ...rest]);
}

/** A configuration and where it is stored. */
export interface StoredConfig {
  project: string;
  channel: string;
  sealed: Sealed;
}

/** Returns configurations that were not sealed with `key`. */
export async function readSealedByOthers(
  control: D1Database,
  key: string,
  limit: number,
): Promise<StoredConfig[]> {
  const rows = await drizzle(control)
    .select()
    .from(notifyChannels)
    .where(ne(notifyChannels.config_key, key))
    .limit(limit);
  return rows.map(({ project_id, channel, config, config_key }) => ({
    project: project_id,
    channel,
    sealed: { text: config, key: config_key },
  }));
}

/** Replaces a sealed configuration, unless it has changed since it was read. */
export async function replaceSealed(control: D1Database, before: StoredConfig, after: Sealed): Promise<void> {
  await drizzle(control)
    .update(notifyChannels)
    .set({ config: after.text, config_key: after.key })
    .where(
      and(
        eq(notifyChannels.project_id, before.project),
        eq(notifyChannels.channel, before.channel),
        eq(notifyChannels.config, before.sealed.text),
      ),
    );
}
