/**
 * What tests inside workerd and the stand-ins' host in Node say to each other.
 * @module
 */
import type { Misbehaviour } from "../../../demo/vendors/server/faults.ts";

/** The vendors that can be started, by the name of their driver. */
export interface VendorTweaks {
  stripe: Record<never, never>;
  hubspot: Record<never, never>;
  google_ads: { batchRows?: number };
  meta_ads: { tier?: "limited" | "full"; limitFactor?: number; polls?: number; maxRows?: number };
  linkedin_ads: { elementsMax?: number; callsADay?: number };
}
export type VendorName = keyof VendorTweaks;

/** How to start one. */
export interface VendorStart {
  vendor: VendorName;
  seed?: number;
  /** Epoch ms at which its clock stands until it is moved. */
  now: number;
  /** Size of the generated company. */
  account?: { campaigns?: number; opened?: string; signups?: number };
  /** Whether the documented limits are held. */
  limits?: boolean;
  /** The vendor's own options. */
  tweaks?: VendorTweaks[VendorName];
}

/** What a started vendor can be told: the last part of the host's path, and its body. */
export interface VendorCommands {
  misbehave: Misbehaviour[];
  calm: null;
  now: number;
  /** Days of a daily truth, both ends inclusive; null for vendors without days. */
  truth: { from: string; to: string } | null;
  /** The calls after the first so many. */
  log: number;
  close: null;
}
