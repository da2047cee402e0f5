/**
 * How a vendor's streams are staged, by category. The category decides which marts are built.
 * @module
 */
import type { AdPlatform } from "./ads";
import type { Customer, Named, Subscription } from "./billing";
import type { Contact, Deal, Pipeline } from "./crm";
import type { Staged } from "./staged";

export interface CrmStreams {
  contacts: Staged<Contact, void>;
  /** The context is the currency of the account, for deals without one. */
  deals: Staged<Deal, string | null>;
  pipelines: Staged<Pipeline, void>;
}

export interface BillingStreams {
  customers: Staged<Customer, void>;
  subscriptions: Staged<Subscription, void>;
  products: Staged<Named, void>;
  prices: Staged<Named, void>;
}

/** `tables`: records with the fields of the source's own mapping. */
export type VendorModels =
  | { kind: "ads"; platform: AdPlatform }
  | ({ kind: "crm" } & CrmStreams)
  | ({ kind: "billing" } & BillingStreams)
  | { kind: "tables" };
