/**
 * A driver of a vendor in memory, with a stream of each mode: for tests of the engine.
 * @module
 */
import { z } from "zod";
import type { VendorAccount } from "../../schema/wire/source";
import { addDays } from "../../worker/sources/engine/coverage";
import { openClient, type VendorClient } from "../../worker/sources/vendor/client";
import type { Driver, Message, SourceError, StreamSpec } from "../../worker/sources/vendor/driver";
import type { Limiter } from "../../worker/sources/vendor/limiter";

/** Data of the vendor. Change it between syncs. */
export interface ToyVendor {
  /** Epoch ms. */
  now: number;
  /** Names by id. */
  names: Map<string, string>;
  /** Clicks by day. */
  days: Map<string, number[]>;
  /** Changes in order: a value, or null when the item was removed. */
  changes: { id: string; value: number | null }[];
  /** Thrown by reads of a stream or of an account while set. */
  failing: Map<string, SourceError>;
  /** Reads in order: stream, account and slice. */
  reads: string[];
}

const stream = (spec: Pick<StreamSpec, "name" | "mode" | "schema"> & Partial<StreamSpec>): StreamSpec => ({
  label: spec.name,
  description: spec.name,
  primaryKey: ["id"],
  ...spec,
});

const STREAMS: StreamSpec[] = [
  stream({ name: "names", mode: "snapshot", schema: z.object({ id: z.string(), name: z.string() }) }),
  stream({
    name: "clicks",
    mode: "daily",
    day: "day",
    restateDays: 2,
    sliceDays: 3,
    schema: z.object({ id: z.number(), day: z.string(), clicks: z.number() }),
  }),
  stream({ name: "items", mode: "incremental", schema: z.object({ id: z.string(), value: z.number() }) }),
];

/** Items between two states. */
const PAGE = 2;

/** An account of the toy vendor. */
export const toyAccount = (id: string): VendorAccount => ({
  id,
  name: id,
  currency: null,
  timezone: "UTC",
  selected: true,
});

function toyDriver(vendor: ToyVendor): Driver {
  return {
    name: "http",
    label: "Toy",
    category: "generic",
    description: "",
    baseUrl: "https://toy.example",
    version: null,
    sunset: null,
    auth: { kind: "none" },
    settings: z.strictObject({}),
    settingFields: [],
    limits: [],
    streams: STREAMS,
    sign: () => ({}),
    failure: () => null,
    check: async () => [],
    read: async function* ({ stream, account, slice, state }, context): AsyncGenerator<Message> {
      vendor.reads.push([stream.name, account.id, ...(slice ? [slice.from, slice.to] : [])].join(" "));
      await context.call({ path: `/${stream.name}` }, account.id);
      const failure = vendor.failing.get(stream.name) ?? vendor.failing.get(account.id);
      if (failure) throw failure;
      if (stream.name === "names")
        for (const [id, name] of vendor.names) yield { type: "record", record: { id, name } };
      else if (slice) yield* daysOf(vendor, slice.from, slice.to);
      else yield* changesOf(vendor, Number(state ?? 0));
    },
  };
}

function* daysOf({ days }: ToyVendor, from: string, to: string): Generator<Message> {
  for (let day = from; day <= to; day = addDays(day, 1))
    for (const [id, clicks] of (days.get(day) ?? []).entries())
      yield { type: "record", record: { id, day, clicks } };
}

function* changesOf({ changes }: ToyVendor, from: number): Generator<Message> {
  for (const [i, { id, value }] of changes.entries()) {
    if (i < from) continue;
    if (value === null) yield { type: "removed", key: [id] };
    else yield { type: "record", record: { id, value } };
    if ((i + 1) % PAGE === 0) yield { type: "state", state: i + 1 };
  }
  yield { type: "state", state: changes.length };
}

/** A session with the vendor; its clock is the vendor's. */
export function toySession(
  vendor: ToyVendor,
  limiter: (account: string) => Limiter = () => OPEN,
): VendorClient {
  return openClient({
    driver: toyDriver(vendor),
    settings: {},
    secrets: {},
    limiter: (account = "") => limiter(account),
    fetch: async () => Response.json({}),
    clock: {
      now: () => vendor.now,
      sleep: async (ms) => {
        vendor.now += ms;
      },
      random: () => 0.5,
    },
  });
}

const OPEN: Limiter = {
  take: async () => ({ wait_until: null, breaker: false }),
  report: async () => {},
};
