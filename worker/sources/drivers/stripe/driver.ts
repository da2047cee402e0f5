/**
 * Stripe: a billing account through a restricted, read-only key. From the API reference: "Versioning", "Pagination",
 * "Events", "Errors", "Rate limits" (100 requests a second live, 25 in a sandbox, 25 at one endpoint).
 * @module
 */

import { z } from "zod";
import type { SourceErrorCode } from "../../../../schema/wire/source";
import { VENDOR_LABELS } from "../../../../schema/wire/vendors";
import {
  type Answer,
  type Call,
  type Driver,
  SourceError,
  type SourceRecord,
  type StreamSpec,
} from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { readStripe } from "./read";
import {
  stripeChargeSchema,
  stripeCustomerSchema,
  stripeInvoiceSchema,
  stripePriceSchema,
  stripeProductSchema,
  stripeSubscriptionSchema,
} from "./records";

/** Response shapes of this version are parsed; Stripe supports old versions, no end is announced. */
const VERSION = "2026-07-29.dahlia";

const stream = (
  name: string,
  label: string,
  schema: z.ZodType<SourceRecord>,
  description: string,
): StreamSpec => ({ name, label, description, schema, mode: "incremental", primaryKey: ["id"] });

/** Stripe. */
export const stripe: Driver = {
  name: "stripe",
  label: VENDOR_LABELS.stripe,
  category: "billing",
  description: "Customers, subscriptions, invoices and charges.",
  baseUrl: "https://api.stripe.com",
  version: VERSION,
  sunset: null,
  auth: {
    kind: "keys",
    keys: [
      {
        name: "api_key",
        label: "Restricted key",
        help:
          "Developers → API keys → Create restricted key, with read access to Customers, Products, Prices, Subscriptions, " +
          "Invoices, Charges, Events and Accounts. Write access is not needed.",
        kind: "secret",
        required: true,
        placeholder: "rk_live_…",
      },
    ],
  },
  settings: z.strictObject({}),
  settingFields: [],
  // The limit of a sandbox and of a single endpoint. A live account has 100, most of which its own shop needs.
  limits: [{ name: "requests", calls: 25, perMs: 1000 }],
  streams: [
    stream("products", "Products", stripeProductSchema, "Products, including archived ones."),
    stream("prices", "Prices", stripePriceSchema, "Prices by currency and interval."),
    stream("customers", "Customers", stripeCustomerSchema, "Customers with their country and metadata."),
    stream(
      "subscriptions",
      "Subscriptions",
      stripeSubscriptionSchema,
      "Subscriptions with their items, including canceled ones.",
    ),
    stream("invoices", "Invoices", stripeInvoiceSchema, "Invoices with their status."),
    stream("charges", "Charges", stripeChargeSchema, "Payments, failures and refunds."),
  ],
  sign: ({ api_key = "" }, { version }) => ({
    authorization: `Bearer ${api_key}`,
    "stripe-version": version,
  }),
  check: async (context) => {
    const { body } = await context.call({ path: "/v1/account" });
    const { id, business_profile, email } = parseShape("account", accountSchema, body);
    return [{ id, name: business_profile?.name ?? email ?? id, currency: null, timezone: null }];
  },
  read: readStripe,
  failure,
};

const accountSchema = z.looseObject({
  id: z.string(),
  email: z.string().nullish(),
  business_profile: z.looseObject({ name: z.string().nullish() }).nullish(),
});
const refusalSchema = z.object({
  error: z.object({ type: z.string(), code: z.string().optional(), param: z.string().optional() }),
});

/** The vendor's messages are not passed on: they contain the ends of the key. */
function failure({ status, headers, body }: Answer, { path }: Call, now: number): SourceError | null {
  const ofPath = path.split("?")[0] ?? path;
  if (status === 200 && typeof body === "object") return null;
  const { code, param, type } = refusalSchema.safeParse(body).data?.error ?? {};
  // A removed object, requested by id or used as a cursor: the reader handles both.
  if (code === "resource_missing" && (param === "starting_after" || (param === "id" && status === 404)))
    return null;
  const reason = [`${ofPath} returned ${status}`, code ?? type, param].filter(Boolean).join(", ");
  const refusal: Record<number, [SourceErrorCode, string]> = {
    401: ["auth", code === "api_key_expired" ? "the key has expired" : "the key is not valid"],
    403: ["forbidden", `the key has no permission to read ${ofPath}`],
    404: ["forbidden", `${ofPath} is not available to this key`],
    429: ["rate_limited", `too many requests (${headers.get("stripe-rate-limited-reason") ?? "no reason"})`],
  };
  const [known, message] =
    refusal[status] ?? (status >= 500 || status < 400 || status === 409 ? PASSING(reason) : REFUSED(reason));
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return new SourceError(known, message, seconds > 0 ? { until: now + seconds * 1000 } : {});
}

const PASSING = (reason: string): [SourceErrorCode, string] => ["unavailable", reason];
const REFUSED = (reason: string): [SourceErrorCode, string] => ["invalid", reason];
