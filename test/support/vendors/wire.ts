/**
 * The protocol between tests in workerd and the stand-ins' host in Node.
 * @module
 */
import type { STAND_INS, VendorName } from "../../../demo/vendors/registry.ts";
import type { Misbehavior } from "../../../demo/vendors/server/faults.ts";

/** The options of each stand-in, by the name of its driver. */
export type VendorTweaks = { [Name in VendorName]: Parameters<(typeof STAND_INS)[Name]["make"]>[0] };
export type { VendorName };

/** Options of a start. */
export interface VendorStart {
  vendor: VendorName;
  seed?: number;
  /** Fixed time of its clock, epoch ms, until it is moved. */
  now: number;
  /** Size of the generated company. */
  account?: { campaigns?: number; opened?: string; signups?: number };
  /** Whether the documented limits are enforced. */
  limits?: boolean;
  /** The vendor's own options. */
  tweaks?: VendorTweaks[VendorName];
}

/** Commands of a started vendor: the last part of the host's path, and its body. */
export interface VendorCommands {
  misbehave: Misbehavior[];
  calm: null;
  now: number;
  /** Days of a daily truth, both ends inclusive; null for vendors without days. */
  truth: { from: string; to: string } | null;
  /** The calls after this number of calls. */
  log: number;
  close: null;
}
