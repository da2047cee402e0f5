/**
 * The deployment's configuration of vendors: URLs, API versions and OAuth clients.
 * @module
 */
import { z } from "zod";
import type { Driver } from "./driver";

/** The Worker's variables and secrets about sources. */
export interface SourceVars {
  /** JSON by driver name: `base_url`, `authorize_base`, `token_base`, `version`, `sunset`, `client_id`. */
  SOURCES?: string;
  /** Secret: JSON by driver name, the client's secret. */
  SOURCE_CLIENTS?: string;
}

/** Effective configuration of a vendor. */
export interface DriverConfig {
  base_url: string;
  /** Base URLs of the consent page and of token requests. */
  authorize_base: string;
  token_base: string;
  version: string | null;
  /** Day on which the vendor discontinues the version, `YYYY-MM-DD`; null when not announced. */
  sunset: string | null;
  /** Null when the deployment has no client registered with the vendor. */
  client: { id: string; secret: string } | null;
}

const overridesSchema = z.record(
  z.string(),
  z.strictObject({
    base_url: z.url().optional(),
    authorize_base: z.url().optional(),
    token_base: z.url().optional(),
    version: z.string().optional(),
    sunset: z.iso.date().optional(),
    client_id: z.string().min(1).optional(),
  }),
);
const clientsSchema = z.record(z.string(), z.string().min(1));

/** Merges the deployment's configuration over the driver's own values. Throws when a variable is malformed. */
export function configOf(vars: SourceVars, driver: Driver): DriverConfig {
  const overrides = parsed("SOURCES", vars.SOURCES, overridesSchema)[driver.name] ?? {};
  const secret = parsed("SOURCE_CLIENTS", vars.SOURCE_CLIENTS, clientsSchema)[driver.name];
  const base = withoutSlash(overrides.base_url ?? driver.baseUrl);
  const auth = driver.auth.kind === "oauth" ? driver.auth : null;
  // A base_url moves the other URLs too, unless they are set.
  const baseOf = (given: string | undefined, own: string | undefined) =>
    withoutSlash(given ?? (overrides.base_url === undefined ? own : undefined) ?? base);
  return {
    base_url: base,
    authorize_base: baseOf(overrides.authorize_base, auth?.authorizeBase),
    token_base: baseOf(overrides.token_base, auth?.tokenBase),
    version: overrides.version ?? driver.version,
    sunset: overrides.sunset ?? driver.sunset,
    client: overrides.client_id && secret ? { id: overrides.client_id, secret } : null,
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}

function parsed<S extends z.ZodType>(name: string, text: string | undefined, schema: S): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text || "{}");
  } catch {
    throw new Error(`${name} is not JSON`);
  }
  const result = schema.safeParse(json);
  // The error does not contain the values, because one of the variables is a secret.
  if (!result.success)
    throw new Error(`${name} is malformed at ${result.error.issues[0]?.path.join(".") || "the top level"}`);
  return result.data;
}
