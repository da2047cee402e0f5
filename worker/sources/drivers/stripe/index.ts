/**
 * The vendor Stripe.
 * @module
 */
import type { Vendor } from "../vendor";
import { stripe } from "./driver";
import { customers, prices, products, subscriptions } from "./staging";

export const vendor: Vendor = {
  driver: stripe,
  badge: { path: "M2 0v8M6 0v8M7 0v8", tile: 8, hue: 4 },
  models: { kind: "billing", customers, subscriptions, products, prices },
};
