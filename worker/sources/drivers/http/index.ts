/**
 * The vendor HTTP APIs that return JSON.
 * @module
 */
import type { Vendor } from "../vendor";
import { http } from "./driver";

export const vendor: Vendor = {
  driver: http,
  badge: { path: "M0 1.500h3M3 4.500h3M1.500 3v3M4.500 0v3", tile: 6, hue: 6 },
  models: { kind: "tables" },
};
