/**
 * The interface of a vendor's folder, exported as `vendor`.
 * @module
 */
import type { VendorBadge } from "../../../schema/wire/source";
import type { VendorModels } from "../shapes/vendor-models";
import type { Driver } from "../vendor/driver";

/** Everything that is specific to one vendor. Its display name is in schema/wire/vendors.ts. */
export interface Vendor {
  driver: Driver;
  badge: VendorBadge;
  /** How its streams are converted to the common shapes that marts are built from. */
  models: VendorModels;
}
