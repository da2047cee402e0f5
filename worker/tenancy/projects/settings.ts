/**
 * Settings as stored: JSON of what was set, so that a new default reaches every project that never chose.
 * @module
 */
import { DEFAULT_SETTINGS, type ProjectSettings, projectSettingsSchema } from "../../../schema/wire/project";

const storedSchema = projectSettingsSchema.partial();

/** Stored JSON over the defaults. */
export function readSettings(json: string): ProjectSettings {
  return { ...DEFAULT_SETTINGS, ...storedSchema.parse(JSON.parse(json)) };
}
