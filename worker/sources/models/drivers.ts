/**
 * The builder of each driver's marts.
 * @module
 */
import type { DriverName } from "../../../schema/wire/vendors";
import { VENDORS } from "../drivers/registry";
import type { AdPlatform } from "../shapes/ads";
import type { VendorModels } from "../shapes/vendor-models";
import { adModels } from "./build-ads";
import { billingModels, crmModels } from "./build-people";
import { tableModels } from "./build-tables";
import type { DriverModels } from "./partition";

const vendorModels = Object.values(VENDORS).map(({ driver, models }) => [driver.name, models] as const);

/** The builder of each driver's marts. */
export const MODELS_OF: Partial<Record<DriverName, DriverModels>> = Object.fromEntries(
  vendorModels.map(([name, models]) => [name, builderOf(models)]),
);

/** Staging of ad platforms, by driver. */
export const AD_PLATFORMS: Partial<Record<DriverName, AdPlatform>> = Object.fromEntries(
  modelsOfKind("ads").map(([name, { platform }]) => [name, platform]),
);

/** Returns the drivers of a category, with their staging. */
export function modelsOfKind<K extends VendorModels["kind"]>(
  kind: K,
): (readonly [DriverName, Extract<VendorModels, { kind: K }>])[] {
  const isKind = (models: VendorModels): models is Extract<VendorModels, { kind: K }> => models.kind === kind;
  return vendorModels.flatMap(([name, models]) => (isKind(models) ? [[name, models] as const] : []));
}

function builderOf(models: VendorModels): DriverModels {
  switch (models.kind) {
    case "ads":
      return adModels(models.platform);
    case "crm":
      return crmModels(models);
    case "billing":
      return billingModels(models);
    case "tables":
      return tableModels;
  }
}
