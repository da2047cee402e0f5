/**
 * The vendor HubSpot.
 * @module
 */
import type { Vendor } from "../vendor";
import { hubspot } from "./driver";
import { contacts, deals, pipelines } from "./staging";

export const vendor: Vendor = {
  driver: hubspot,
  badge: { path: "M0 2h4M0 0h4M2 4v4M4 4l4-4M6 6l2-2", tile: 8, hue: 7 },
  models: { kind: "crm", contacts, deals, pipelines },
};
