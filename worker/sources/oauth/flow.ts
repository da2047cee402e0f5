/**
 * The OAuth consent flow: redirects a user to the vendor and handles their return. The state is stored as a hash and works
 * once, for ten minutes, for the same user; the code is bound by PKCE (RFC 7636, S256).
 * @module
 */

import type { KeyRing } from "../../lib/key-ring";
import { fingerprint, randomSecret } from "../../lib/secret";
import { MINUTE_MS } from "../../lib/time";
import type { Fetch } from "../vendor/client-request";
import type { Secrets } from "../vendor/driver";
import { type OAuthClient, redeemCode, withVersion } from "./access";
import { consumeConsent, insertConsent } from "./store";

/** Time limit of a consent. */
const CONSENT_MS = 10 * MINUTE_MS;

interface Deps {
  control: D1Database;
  ring: KeyRing;
  now: number;
  fetch?: Fetch;
}

/** The URL of the consent page. */
export async function consentUrl(
  { control, ring, now }: Deps,
  { auth, config, id }: OAuthClient,
  who: { source: string; user: string; redirect_uri: string },
): Promise<string> {
  const [state, verifier] = [randomSecret(32), randomSecret(32)];
  const hash = await fingerprint(state);
  const sealed = await ring.seal(verifier, hash);
  const connect = {
    hash,
    source_id: who.source,
    user_id: who.user,
    sealed,
    expires_at: now + CONSENT_MS,
  };
  await insertConsent(control, connect, now);
  const url = new URL(config.authorize_base + withVersion(auth.authorizePath, config));
  const parameters = {
    ...auth.parameters,
    response_type: "code",
    client_id: id,
    redirect_uri: who.redirect_uri,
    scope: auth.scopes.join(" "),
    state,
    code_challenge: await fingerprint(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Consumes a state: returns its source and PKCE verifier; null for a state that is unknown or used. */
export async function consumeState(
  { control, ring, now }: Deps,
  { state, user }: { state: string; user: string },
): Promise<
  { source: string; verifier: string } | { source: string; refusal: "expired" | "other_user" } | null
> {
  const connect = await consumeConsent(control, await fingerprint(state));
  if (!connect) return null;
  const { source_id: source, sealed, hash } = connect;
  if (connect.user_id !== user) return { source, refusal: "other_user" };
  if (connect.expires_at <= now) return { source, refusal: "expired" };
  return { source, verifier: await ring.open(sealed, hash) };
}

/** Exchanges the code for secrets. @throws SourceError */
export function exchangeCode(
  { now, fetch }: Deps,
  client: OAuthClient,
  given: { code: string; verifier: string; redirect_uri: string },
): Promise<Secrets> {
  return redeemCode(client, given, now, fetch);
}
