/**
 * Stand-ins for tests in workerd, where no server can be opened.
 * @module
 */
import { inject } from "vitest";
import type { Misbehavior } from "../../../demo/vendors/server/faults.ts";
import type { LoggedCall } from "../../../demo/vendors/server/index.ts";
import type { VendorCommands, VendorStart } from "./wire.ts";

/** A stand-in that is running in Node. */
export interface RemoteVendor {
  url: string;
  misbehave(...faults: Misbehavior[]): Promise<void>;
  calm(): Promise<void>;
  setNow(at: number): Promise<void>;
  /** The vendor's `truth()`, with the `days` of the range. */
  truth<Truth>(range?: { from: string; to: string }): Promise<Truth>;
  log(after?: number): Promise<LoggedCall[]>;
  close(): Promise<void>;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(inject("vendors") + path, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/** Starts a stand-in. */
export async function startVendor(options: VendorStart): Promise<RemoteVendor> {
  const { id, url } = await post<{ id: string; url: string }>("/start", options);
  const command = <T, C extends keyof VendorCommands>(name: C, body: VendorCommands[C]) =>
    post<T>(`/${id}/${name}`, body);
  return {
    url,
    misbehave: (...faults) => command("misbehave", faults),
    calm: () => command("calm", null),
    setNow: (at) => command("now", at),
    truth: (range) => command("truth", range ?? null),
    log: (after = 0) => command("log", after),
    close: () => command("close", null),
  };
}
