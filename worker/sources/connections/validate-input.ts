/**
 * Settings and keys as people give them.
 * @module
 */
import type { SourceField } from "../../../schema/wire/source";
import { isRefusal, type Refusal, refuseAt } from "../../lib/refusal";
import { refuseUrl } from "../drivers/generic/url-guard";
import type { Driver, Json, Secrets } from "../vendor/driver";
import type { SourceBindings } from "./bindings";

/** Whether it was refused. */
export function isRefused(value: object | string): value is Refusal {
  return typeof value === "object" && isRefusal(value);
}

/** The key fields that a driver takes; null when it takes none. */
function keyFields({ auth }: Driver): readonly SourceField[] | null {
  if (auth.kind === "none") return null;
  return auth.keys ?? null;
}

/** The keys that connect a driver, as its fields ask for them. */
export function keysOf(driver: Driver, keys: Record<string, string>): Secrets | Refusal {
  const fields = keyFields(driver) ?? [];
  const unknown = Object.keys(keys).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined)
    return refuseAt("unknown_name", `keys.${unknown}`, "This is no key of the vendor's");
  const missing = fields.find(({ name, required }) => required && !keys[name]?.trim());
  if (missing) return refuseAt("unprocessable", `keys.${missing.name}`, `${missing.label} is missing`);
  const given = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.trim()]));
  const wrong = driver.refuseKeys?.(given);
  return wrong ? refuseAt("unprocessable", `keys.${wrong.name}`, wrong.message) : given;
}

/** Settings as the driver takes them; URLs in them lead to the public internet. */
export function settingsOf(
  bindings: SourceBindings,
  driver: Driver,
  given: Record<string, Json>,
): Record<string, Json> | Refusal {
  const parsed = driver.settings.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuseAt("unprocessable", ["settings", ...(issue?.path ?? [])].join("."), issue?.message ?? "");
  }
  const allowLoopback = bindings.SOURCE_LOOPBACK === "true";
  for (const { name, kind } of driver.settingFields) {
    const value = parsed.data[name];
    const refusal = kind === "url" && typeof value === "string" ? refuseUrl(value, { allowLoopback }) : null;
    if (refusal) return refuseAt("unprocessable", `settings.${name}`, refusal);
  }
  return parsed.data;
}
