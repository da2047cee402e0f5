/**
 * Sources that nobody asks: files that are uploaded, deliveries that come by themselves. Their reads find nothing new and say
 * so, as what came was kept when it came.
 * @module
 */
import { z } from "zod";
import { mappingSchema } from "../../../../schema/wire/mapping";
import { MINUTE_MS } from "../../../lib/time";
import type { Driver, Message } from "../../vendor/driver";
import { signingKey } from "../../vendor/signature";
import { streamOf } from "./map-record";

/** Where records come by themselves, everything is one account. */
export const PUSHED_ACCOUNT = "default";

const settingsSchema = z.strictObject({
  /** Path to the list in a delivery; empty when it is the delivery, or one record alone. */
  records_path: z.string().trim().max(200).default(""),
  mapping: mappingSchema.nullable().default(null),
});
/** What pushed sources are set to. */
export const pushedSettings = (settings: unknown) => settingsSchema.parse(settings);

type Own = Pick<Driver, "name" | "label" | "description" | "auth" | "settingFields" | "refuseKeys">;

function pushed(own: Own): Driver {
  const driver: Driver = {
    ...own,
    category: "generic",
    baseUrl: "https://push.invalid",
    version: null,
    sunset: null,
    settings: settingsSchema,
    limits: [{ name: "requests", calls: 1, perMs: MINUTE_MS }],
    streams: [],
    sign: () => ({}),
    check: async () => [{ id: PUSHED_ACCOUNT, name: own.label, currency: null, timezone: null }],
    read: async function* ({ state }): AsyncGenerator<Message> {
      yield { type: "state", state };
    },
    failure: () => null,
    tailored: (settings) => {
      const { mapping } = settingsSchema.parse(settings);
      return { ...driver, streams: mapping ? [streamOf(mapping, "incremental")] : [] };
    },
  };
  return driver;
}

/** Files that people upload. */
export const csv = pushed({
  name: "csv",
  label: "CSV file",
  description: "A table that you upload, again whenever it changes.",
  auth: { kind: "none" },
  settingFields: [],
});

/** Deliveries of others, signed as standardwebhooks.com describes. */
export const webhook = pushed({
  name: "webhook",
  label: "Webhook",
  description: "Records that another system sends, signed, to /api/v1/webhooks/ and the source's id.",
  auth: {
    kind: "keys",
    keys: [
      {
        name: "secret",
        label: "Signing secret",
        help: "What the sender signs with: whsec_ and 24 to 64 bytes in Base64.",
        kind: "secret",
        required: true,
        placeholder: "whsec_…",
      },
    ],
  },
  refuseKeys: ({ secret = "" }) =>
    signingKey(secret)
      ? null
      : { name: "secret", message: "A secret is whsec_ and the Base64 of 24 to 64 bytes." },
  settingFields: [
    {
      name: "records_path",
      label: "Where the list is",
      help: "Path in a delivery; empty when it is one record or a list of them.",
      kind: "text",
      required: false,
      placeholder: "data.items",
    },
  ],
});
