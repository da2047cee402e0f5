/**
 * The vendors of the demo's sources: local stand-ins that implement the real vendors' documented
 * APIs. They share one generated company, whose numbers grow with the clock.
 * @module
 */
import { VENDOR_LABELS } from "../../schema/wire/vendors.ts";
import { makeAccount } from "./company/index.ts";
import { STAND_INS, type VendorName } from "./registry.ts";
import { type RunningVendor, startVendor } from "./server/index.ts";
import { CLIENT } from "./server/oauth.ts";

const SEED = 1;
const NAMES = Object.keys(STAND_INS) as VendorName[];

/** A source of the demo: how it is connected without a consent page. */
export interface DemoSource {
  driver: string;
  name: string;
  settings: Record<string, string>;
  keys: Record<string, string>;
}

/** The demo's sources, in the order in which they are connected. */
export const DEMO_SOURCES: readonly DemoSource[] = NAMES.map((driver) => ({
  driver,
  name: VENDOR_LABELS[driver],
  ...STAND_INS[driver].connect(SEED),
}));

/** Running stand-ins, and the variables that point the Worker to them. */
export interface DemoVendors {
  vars: { SOURCES: string; SOURCE_CLIENTS: string };
  close(): Promise<void>;
}

/** Starts the stand-ins on free ports of 127.0.0.1. */
export async function startVendors(): Promise<DemoVendors> {
  const options = { seed: SEED, account: makeAccount({ seed: SEED }) };
  const running: [VendorName, RunningVendor<object>][] = [];
  for (const name of NAMES) running.push([name, await startVendor(STAND_INS[name].make({}), options)]);
  const configured = running.map(([driver, { url }]) => [
    driver,
    { base_url: url, authorize_base: url, client_id: CLIENT.client_id },
  ]);
  const clients = NAMES.map((driver) => [driver, CLIENT.client_secret]);
  return {
    vars: {
      SOURCES: JSON.stringify(Object.fromEntries(configured)),
      SOURCE_CLIENTS: JSON.stringify(Object.fromEntries(clients)),
    },
    async close() {
      await Promise.all(running.map(([, vendor]) => vendor.close()));
    },
  };
}
