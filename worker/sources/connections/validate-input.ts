/**
 * Validation of the settings and keys that people enter.
 * @module
 */
import type { SourceField } from "../../../schema/wire/source";
import { isRefusal, type Refusal, refuseAt } from "../../lib/refusal";
import { refuseUrl } from "../drivers/generic/url-guard";
import type { Driver, Json, Secrets } from "../vendor/driver";
import type { SourceBindings } from "./bindings";

/** Whether the value is a refusal. */
export function isRefused(value: object | string): value is Refusal {
  return typeof value === "object" && isRefusal(value);
}

/** Returns the key fields of a driver; null when it takes no keys. */
function keyFields({ auth }: Driver): readonly SourceField[] | null {
  if (auth.kind === "none") return null;
  return auth.keys ?? null;
}

/** Validates keys against the driver's key fields and returns them trimmed. */
export function vendorKeysOf(driver: Driver, keys: Record<string, string>): Secrets | Refusal {
  const fields = keyFields(driver) ?? [];
  const unknown = Object.keys(keys).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) return refuseAt("unknown_name", `keys.${unknown}`, "The vendor has no such key");
  const missing = fields.find(({ name, required }) => required && !keys[name]?.trim());
  if (missing) return refuseAt("source_key_missing", `keys.${missing.name}`, `${missing.label} is missing`);
  const given = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.trim()]));
  const wrong = driver.refuseKeys?.(given);
  return wrong ? refuseAt("source_key_invalid", `keys.${wrong.name}`, wrong.message) : given;
}

/** Validates settings with the driver's schema. URLs must point to the public internet. */
export function settingsOf(
  bindings: SourceBindings,
  driver: Driver,
  given: Record<string, Json>,
): Record<string, Json> | Refusal {
  const parsed = driver.settings.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuseAt(
      "source_setting_invalid",
      ["settings", ...(issue?.path ?? [])].join("."),
      issue?.message ?? "",
    );
  }
  const allowLoopback = bindings.SOURCE_LOOPBACK === "true";
  for (const { name, kind } of driver.settingFields) {
    const value = parsed.data[name];
    const refusal = kind === "url" && typeof value === "string" ? refuseUrl(value, { allowLoopback }) : null;
    if (refusal) return refuseAt("source_url_not_allowed", `settings.${name}`, refusal);
  }
  return parsed.data;
}
