/**
 * Any API that returns lists in JSON, read into a declared dataset.
 * @module
 */
import { VENDOR_LABELS } from "../../../../schema/wire/vendors";
import { MINUTE_MS, SECOND_MS } from "../../../lib/time";
import {
  type Answer,
  type Driver,
  type DriverContext,
  type Json,
  type Message,
  SourceError,
} from "../../vendor/driver";
import { mapRecord, streamOf, typed, valueAt } from "../generic/map-record";
import { pagesOf } from "./pages";
import { HTTP_FIELDS, type HttpSettings, httpSettingsSchema } from "./settings";

/** The generic HTTP driver; `tailored` to a source's settings it has a base URL and a stream. */
export const http: Driver = {
  name: "http",
  label: VENDOR_LABELS.http,
  category: "generic",
  description: "Any HTTP API that returns lists in JSON.",
  baseUrl: "https://api.invalid",
  version: null,
  sunset: null,
  auth: {
    kind: "keys",
    keys: [
      {
        name: "token",
        label: "Key",
        help: "Token or API key; user:password for basic authentication. Leave empty when no key is needed.",
        kind: "secret",
        required: false,
      },
    ],
  },
  settings: httpSettingsSchema,
  settingFields: HTTP_FIELDS,
  // The API's limits are unknown; most APIs allow this rate.
  limits: [{ name: "requests", calls: 120, perMs: MINUTE_MS }],
  streams: [],
  sign: ({ token = "" }, { settings }) => signed(httpSettingsSchema.parse(settings), token),
  check: async (context) => {
    const settings = httpSettingsSchema.parse(context.settings);
    for await (const _ of pagesOf(settings, context, null)) break;
    return [{ id: "default", name: new URL(settings.url).host, currency: null, timezone: null }];
  },
  read: (_, context) => read(context, _.state),
  failure: (answer, _, now) => failure(answer, now),
  tailored: (settings) => {
    const { url, mapping, since_path } = httpSettingsSchema.parse(settings);
    const mode = since_path ? "incremental" : "snapshot";
    return { ...http, baseUrl: new URL(url).origin, streams: mapping ? [streamOf(mapping, mode)] : [] };
  },
};

function signed({ auth, header_name }: HttpSettings, token: string): Record<string, string> {
  if (token === "" || auth === "none") return {};
  if (auth === "bearer") return { authorization: `Bearer ${token}` };
  if (auth === "header") return { [header_name || "x-api-key"]: token };
  const bytes = new TextEncoder().encode(token);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** Rows in the API's order. An incremental read starts at the largest time it has seen; a new mapping causes a full re-sync. */
async function* read(context: DriverContext, state: Json): AsyncGenerator<Message> {
  const settings = httpSettingsSchema.parse(context.settings);
  const { mapping, since_path } = settings;
  if (!mapping) throw new SourceError("invalid", "the source has no mapping");
  const shape = JSON.stringify([mapping, settings.url, settings.records_path]);
  const known = valueAt(state, "shape") === shape ? valueAt(state, "since") : null;
  let since = typeof known === "string" ? known : null;
  if (since_path && state !== null && valueAt(state, "shape") !== shape) yield { type: "restart" };
  let row = 0;
  for await (const records of pagesOf(settings, context, since_path ? since : null))
    for (const own of records) {
      const record = mapRecord(own, mapping, ++row);
      if (Array.isArray(record))
        throw new SourceError("schema", `record ${row}: ${record[0]?.field} ${record[0]?.message}`);
      yield { type: "record", record };
      if (since_path) since = later(since, valueAt(own, since_path));
    }
  if (since_path) yield { type: "state", state: { shape, since } };
}

/** Returns the later of two times or counters, as formatted by the API. */
function later(known: string | null, value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return known;
  if (known === null) return String(value);
  const [a, b] = [typed(known, "time"), typed(value, "time")].map(Number);
  const isLater = Number.isFinite(a) && Number.isFinite(b) ? Number(b) > Number(a) : String(value) > known;
  return isLater ? String(value) : known;
}

function failure({ status, headers, body }: Answer, now: number): SourceError | null {
  if (status >= 200 && status < 300)
    return typeof body === "object" ? null : new SourceError("schema", "the response is not JSON");
  if (status === 401) return new SourceError("auth", "the API rejected the key");
  if (status === 403) return new SourceError("forbidden", "the key has no permission to read this");
  const after = headers.get("retry-after") ?? "";
  const waitMs = /^\d+$/.test(after) ? Number(after) * SECOND_MS : Date.parse(after) - now;
  const until = waitMs > 0 ? { until: now + waitMs } : {};
  if (status === 429) return new SourceError("rate_limited", "the API's rate limit is reached", until);
  const passes = status >= 500 || status === 408;
  return new SourceError(passes ? "unavailable" : "invalid", `the API returned ${status}`, until);
}
