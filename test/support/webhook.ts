/**
 * Signed deliveries to webhook sources, as standardwebhooks.com describes them.
 * @module
 */
import { env } from "cloudflare:workers";
import { api } from "../../worker/api/app";

/** The bindings without the workflow that syncs, which pushed records do not need. */
export const PUSHED_BINDINGS: Env = Object.assign({}, env, {
  SYNC: { create: async () => {}, get: async () => ({ terminate: async () => {} }) },
});

const DEFAULT_KEY = new Uint8Array(32).fill(7);

/** The secret of a key as it is entered. */
export const webhookSecret = (key = DEFAULT_KEY) => `whsec_${btoa(String.fromCharCode(...key))}`;

/** The signature of `id.timestamp.body`. */
export async function signatureOf(content: string, key = DEFAULT_KEY): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmac = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  const bytes = await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(content));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(bytes)))}`;
}

/** A delivery signed with the default key; `more` replaces headers afterwards. */
export async function deliver(
  source: string,
  body: unknown,
  id: string = crypto.randomUUID(),
  more: object = {},
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": await signatureOf(`${id}.${timestamp}.${text}`),
    ...more,
  };
  const init = { method: "POST", headers, body: text };
  const answer = await api.request(`/api/v1/webhooks/${source}`, init, PUSHED_BINDINGS);
  // biome-ignore lint/suspicious/noExplicitAny: responses have many shapes in tests.
  return { status: answer.status, data: (await answer.json()) as any };
}
