/**
 * Stand-ins for tests in Node, with the same interface as those for workerd.
 * @module
 */
import type { RemoteVendor } from "./client.ts";
import { serializeTruth, start } from "./host.ts";
import type { VendorStart } from "./wire.ts";

/** Starts a stand-in in this process. */
export async function startLocal(options: VendorStart): Promise<RemoteVendor> {
  const vendor = await start(options);
  return {
    url: vendor.url,
    misbehave: async (...faults) => vendor.misbehave(faults),
    calm: async () => vendor.calm(),
    setNow: async (at) => vendor.setNow(at),
    truth: async <Truth>(range?: { from: string; to: string }) =>
      serializeTruth(vendor.truth(), range ?? null) as Truth,
    log: async (after = 0) => vendor.log.slice(after),
    close: () => vendor.close(),
  };
}
