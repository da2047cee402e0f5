/**
 * Stored settings: JSON of only the values that were set, so that a changed default applies to all other projects.
 * @module
 */
import { DEFAULT_SETTINGS, type ProjectSettings, projectSettingsSchema } from "../../../schema/wire/project";

const storedSchema = projectSettingsSchema.partial();

/** Merges stored JSON over the defaults. */
export function readSettings(json: string): ProjectSettings {
  return { ...DEFAULT_SETTINGS, ...storedSchema.parse(JSON.parse(json)) };
}
