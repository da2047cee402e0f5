/**
 * OAuth 2: exchanges codes and refresh tokens for access tokens (RFC 6749 sections 4.1.3 and 6, RFC 7636). Error descriptions
 * of vendors are not passed on, because some quote the token.
 * @module
 */
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import type { Fetch } from "../vendor/client-request";
import type { DriverConfig } from "../vendor/config";
import { type Auth, type Driver, type Secrets, SourceError } from "../vendor/driver";

type OAuth = Extract<Auth, { kind: "oauth" }>;

/** A driver with a consent page, and the deployment's client registered with the vendor. */
export interface OAuthClient {
  label: string;
  auth: OAuth;
  config: DriverConfig;
  id: string;
  secret: string;
}

/** Returns the driver with the deployment's client; null when no client is registered or there is no consent page. */
export function oauthClientOf({ label, auth }: Driver, config: DriverConfig): OAuthClient | null {
  if (auth.kind !== "oauth" || config.client === null) return null;
  return { label, auth, config, ...config.client };
}

/** Inserts the API version into a path of the driver. */
export function withVersion(path: string, { version }: DriverConfig): string {
  return path.replaceAll("{version}", version ?? "");
}

/**
 * Exchanges a code for secrets. Without refresh tokens, the first, short-lived token is exchanged for a long-lived one (Meta,
 * "Long-Lived Access Tokens": 60 days). @throws SourceError
 */
export async function redeemCode(
  client: OAuthClient,
  { code, verifier, redirect_uri }: { code: string; verifier: string; redirect_uri: string },
  now: number,
  send: Fetch = defaultFetch,
): Promise<Secrets> {
  const form = { grant_type: "authorization_code", code, redirect_uri, code_verifier: verifier };
  const secrets = await requestToken(client, form, {}, now, send);
  const { exchangeGrant } = client.auth;
  if (!exchangeGrant || !secrets.access_token) return secrets;
  const exchange = { grant_type: exchangeGrant, [exchangeGrant]: secrets.access_token };
  return requestToken(client, exchange, {}, now, send);
}

/** Returns secrets with a new access token. @throws SourceError `auth` when the user must reconnect. */
export async function renewAccess(
  client: OAuthClient,
  secrets: Secrets,
  now: number,
  send: Fetch = defaultFetch,
): Promise<Secrets> {
  const { refresh_token } = secrets;
  if (!client.auth.refreshes || !refresh_token)
    throw new SourceError("auth", `Access to ${client.label} expired: connect again.`);
  return requestToken(client, { grant_type: "refresh_token", refresh_token }, secrets, now, send);
}

/** When access ends permanently, epoch ms; null when it does not. */
export function accessExpiresAt(secrets: Secrets): number | null {
  return secrets.ends_at === undefined ? null : Number(secrets.ends_at);
}

const defaultFetch: Fetch = (url, init) => fetch(url, init);

async function requestToken(
  client: OAuthClient,
  form: Record<string, string>,
  before: Secrets,
  now: number,
  send: Fetch,
): Promise<Secrets> {
  const { label, config, auth, id, secret } = client;
  const url = config.token_base + withVersion(auth.tokenPath, config);
  let response: Response;
  let body: unknown;
  try {
    response = await send(url, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ ...form, client_id: id, client_secret: secret }),
      signal: AbortSignal.timeout(MINUTE_MS),
    });
    body = await response.json().catch(() => null);
  } catch {
    throw new SourceError("unavailable", `${label} did not respond to the token request.`);
  }
  // A truncated response does not mean that access was lost.
  const isCut = response.ok && body === null;
  if (response.status >= 500 || response.status === 429 || isCut)
    throw new SourceError("unavailable", `${label} failed to answer the token request.`);
  const granted = parseGrant(body);
  if (!response.ok || granted.access_token === undefined)
    throw new SourceError("auth", `${label} refused the token request${errorSuffix(body)}: connect again.`);
  return secretsOf(granted, before, auth.refreshes, now);
}

interface TokenGrant {
  access_token?: string;
  refresh_token?: string;
  expires_in?: number;
  refresh_token_expires_in?: number;
}

function secretsOf(granted: TokenGrant, before: Secrets, refreshes: boolean, now: number): Secrets {
  const { access_token = "", refresh_token = before.refresh_token } = granted;
  const seconds = refreshes ? granted.refresh_token_expires_in : granted.expires_in;
  // A renewal without an expiry leaves the stored expiry unchanged.
  const ends_at = seconds === undefined ? before.ends_at : String(now + seconds * SECOND_MS);
  return {
    access_token,
    ...(refresh_token !== undefined && { refresh_token }),
    ...(ends_at !== undefined && { ends_at }),
  };
}

function parseGrant(body: unknown): TokenGrant {
  const fields = new Map(Object.entries(Object(body)));
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const number = (name: string) => {
    const value = Number(fields.get(name) ?? Number.NaN);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const access_token = text("access_token");
  const refresh_token = text("refresh_token");
  const expires_in = number("expires_in");
  const refresh_token_expires_in = number("refresh_token_expires_in");
  return {
    ...(access_token && { access_token }),
    ...(refresh_token && { refresh_token }),
    ...(expires_in && { expires_in }),
    ...(refresh_token_expires_in && { refresh_token_expires_in }),
  };
}

/** Returns the error's code if it looks like one. */
function errorSuffix(body: unknown): string {
  const { error, status }: { error?: unknown; status?: unknown } = Object(body);
  const code = [error, status].find((value) => typeof value === "string" && /^[a-z_]{3,40}$/i.test(value));
  return code === undefined ? "" : ` (${code})`;
}
