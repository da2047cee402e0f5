/**
 * Signed deliveries by other systems (standardwebhooks.com).
 * @module
 */
import { signingKey } from "../../vendor/signature";
import { pushedDriver } from "../generic/pushed";
import type { Vendor } from "../vendor";

export const vendor: Vendor = {
  driver: pushedDriver({
    name: "webhook",
    description: "Records that another system sends, signed, to /api/v1/webhooks/ and the source's id.",
    auth: {
      kind: "keys",
      keys: [
        {
          name: "secret",
          label: "Signing secret",
          help: "The secret that the sender signs with: whsec_ and the Base64 of 24 to 64 bytes.",
          kind: "secret",
          required: true,
          placeholder: "whsec_…",
        },
      ],
    },
    refuseKeys: ({ secret = "" }) =>
      signingKey(secret)
        ? null
        : { name: "secret", message: "The secret must be whsec_ and the Base64 of 24 to 64 bytes." },
    settingFields: [
      {
        name: "records_path",
        label: "Path to the records",
        help: "Path of the list in a delivery. Empty when the delivery is one record or a list of records.",
        kind: "text",
        required: false,
        placeholder: "data.items",
      },
    ],
  }),
  badge: { path: "M0 1h6M0 4h6M0 5h6", tile: 6, hue: 2 },
  models: { kind: "tables" },
};
