/**
 * Runs stand-ins in Node for tests in workerd: global setup of Vitest.
 * @module
 */
import { createServer, type IncomingMessage } from "node:http";
import type { TestProject } from "vitest/node";
import { makeAccount } from "../../../demo/vendors/company/index.ts";
import { STAND_INS } from "../../../demo/vendors/registry.ts";
import { type RunningVendor, startVendor, type Vendor } from "../../../demo/vendors/server/index.ts";
import type { VendorCommands, VendorStart } from "./wire.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** URL for starting stand-ins. */
    vendors: string;
  }
}

/** Starts a vendor as described by a test. */
export function start(given: VendorStart): Promise<RunningVendor<object>> {
  const { vendor, seed = 1, account, tweaks = {}, ...options } = given;
  const make: (tweaks: object) => Vendor<object> = STAND_INS[vendor].make;
  return startVendor(make(tweaks), {
    ...options,
    seed,
    account: makeAccount({ seed, ...account }),
  });
}

const COMMANDS: {
  [C in keyof VendorCommands]: (vendor: RunningVendor<object>, body: VendorCommands[C]) => unknown;
} = {
  misbehave: (vendor, faults) => vendor.misbehave(faults),
  calm: (vendor) => vendor.calm(),
  now: (vendor, at) => vendor.setNow(at),
  truth: (vendor, range) => serializeTruth(vendor.truth(), range),
  log: (vendor, after) => vendor.log.slice(after),
  close: (vendor) => vendor.close(),
};

/** A truth as JSON data: its functions of a range are replaced by their results. */
export function serializeTruth(truth: object, range: VendorCommands["truth"]): object {
  const entries = Object.entries(truth).map(([name, value]) => [
    name,
    typeof value === "function" ? (range ? value(range.from, range.to) : []) : value,
  ]);
  return Object.fromEntries(entries);
}

const isCommand = (word: string): word is keyof VendorCommands => word in COMMANDS;

/** Opens the host and provides its URL. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = new Map<string, RunningVendor<object>>();
  const answer = async (path: string, body: never): Promise<unknown> => {
    const [, id = "", command = ""] = path.split("/");
    if (id === "start") {
      const vendor = await start(body);
      const started = { id: String(running.size + 1), url: vendor.url };
      running.set(started.id, vendor);
      return started;
    }
    const vendor = running.get(id);
    if (!vendor || !isCommand(command)) throw new Error(`vendors: nothing at ${path}`);
    return (await COMMANDS[command](vendor, body)) ?? null;
  };
  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await answer(request.url ?? "", await bodyOf(request))));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("vendors: no port");
  project.provide("vendors", `http://127.0.0.1:${address.port}`);
  return async () => {
    for (const vendor of running.values()) await vendor.close();
    server.close();
    server.closeAllConnections();
  };
}

async function bodyOf(request: IncomingMessage): Promise<never> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString() || "null") as never;
}
