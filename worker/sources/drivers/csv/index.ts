/**
 * CSV files that people upload.
 * @module
 */
import { pushedDriver } from "../generic/pushed";
import type { Vendor } from "../vendor";

export const vendor: Vendor = {
  driver: pushedDriver({
    name: "csv",
    description: "A table from a file. Upload the file again whenever it changes.",
    auth: { kind: "none" },
    settingFields: [],
  }),
  badge: { path: "M0 4h8M4 0v8", tile: 8, hue: 5 },
  models: { kind: "tables" },
};
