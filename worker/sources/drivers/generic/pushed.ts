/**
 * Pushed sources: uploaded files and webhook deliveries. Records are stored when they arrive, so a read has nothing to
 * request and yields its state unchanged.
 * @module
 */
import { z } from "zod";
import { mappingSchema } from "../../../../schema/wire/mapping";
import { VENDOR_LABELS } from "../../../../schema/wire/vendors";
import { MINUTE_MS } from "../../../lib/time";
import type { Driver, Message } from "../../vendor/driver";
import { streamOf } from "./map-record";

/** The only account of a pushed source. */
export const PUSHED_ACCOUNT = "default";

const settingsSchema = z.strictObject({
  /** Path to the list in a delivery; empty when the delivery is the list, or one record. */
  records_path: z.string().trim().max(200).default(""),
  mapping: mappingSchema.nullable().default(null),
});
/** Parses the settings of a pushed source. */
export const pushedSettings = (settings: unknown) => settingsSchema.parse(settings);

type PushedSpec = Pick<Driver, "name" | "description" | "auth" | "settingFields" | "refuseKeys">;

/** Returns the driver of a pushed source. */
export function pushedDriver(spec: PushedSpec): Driver {
  const label = VENDOR_LABELS[spec.name];
  const driver: Driver = {
    ...spec,
    label,
    category: "generic",
    baseUrl: "https://push.invalid",
    version: null,
    sunset: null,
    settings: settingsSchema,
    limits: [{ name: "requests", calls: 1, perMs: MINUTE_MS }],
    streams: [],
    sign: () => ({}),
    check: async () => [{ id: PUSHED_ACCOUNT, name: label, currency: null, timezone: null }],
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
