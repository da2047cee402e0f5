/**
 * Meta Ads: campaigns, ad sets, ads and their daily performance, from the Marketing API ("Versions", "Batch Requests",
 * "Insights API", "Marketing API Rate Limiting").
 * @module
 */

import { z } from "zod";
import { VENDOR_LABELS } from "../../../../schema/wire/vendors";
import {
  type Driver,
  type DriverContext,
  type Message,
  type ReadRequest,
  SourceError,
  type StreamSpec,
} from "../../vendor/driver";
import { failure, usage } from "./answers";
import { asker, askOne } from "./batch";
import { type Listed, listEdge } from "./edges";
import { accountDays, type InsightAsker, readInsights } from "./insights";
import { accountOf, FIELDS, RECORDS, STATUSES } from "./objects";
import {
  metaAdAccountSchema,
  metaAdInsightSchema,
  metaAdSchema,
  metaAdSetSchema,
  metaCampaignSchema,
} from "./records";

/** Options for conversions: overlapping action types, the broadest first. */
const CONVERSIONS: Record<string, readonly string[]> = {
  purchase: ["omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"],
  lead: ["lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead"],
  registration: [
    "omni_complete_registration",
    "complete_registration",
    "offsite_conversion.fb_pixel_complete_registration",
  ],
};

const snapshot = { mode: "snapshot", primaryKey: ["id"] } as const;
const STREAMS: StreamSpec[] = [
  {
    ...snapshot,
    name: "ad_accounts",
    label: "Ad account",
    description: "The ad account with its name, currency and time zone.",
    schema: metaAdAccountSchema,
  },
  {
    ...snapshot,
    name: "campaigns",
    label: "Campaigns",
    description: "Campaigns, including archived and deleted ones.",
    schema: metaCampaignSchema,
  },
  {
    ...snapshot,
    name: "ad_sets",
    label: "Ad sets",
    description: "Ad sets of campaigns.",
    schema: metaAdSetSchema,
  },
  {
    ...snapshot,
    name: "ads",
    label: "Ads",
    description: "Ads with their creatives and URL parameters.",
    schema: metaAdSchema,
  },
  {
    name: "ad_insights",
    label: "Daily performance",
    description: "Impressions, clicks, spend and platform-reported conversions of each ad and day.",
    mode: "daily",
    primaryKey: ["ad_id"],
    day: "day",
    // Conversions are attributed for up to 28 days.
    restateDays: 28,
    sliceDays: 14,
    schema: metaAdInsightSchema,
  },
];
const EDGES = { campaigns: "campaigns", ad_sets: "adsets", ads: "ads" } as const;

/** Meta Ads. */
export const metaAds: Driver = {
  name: "meta_ads",
  label: VENDOR_LABELS.meta_ads,
  category: "ads",
  description: "Campaigns, ads and their performance on Facebook and Instagram.",
  baseUrl: "https://graph.facebook.com",
  version: "v26.0",
  // Not announced; versions have been supported for about a year.
  sunset: null,
  auth: {
    kind: "oauth",
    authorizeBase: "https://www.facebook.com",
    authorizePath: "/{version}/dialog/oauth",
    tokenPath: "/{version}/oauth/access_token",
    scopes: ["ads_read"],
    keys: [
      {
        name: "access_token",
        label: "System user token",
        help: "Business settings → Users → System users → Generate token, with the permission ads_read.",
        kind: "secret",
        required: true,
        placeholder: "EAAB…",
      },
    ],
    // Long-lived tokens are valid for 60 days; then the user has to consent again.
    refreshes: false,
    // "Long-Lived Access Tokens": 60 days instead of hours.
    exchangeGrant: "fb_exchange_token",
  },
  settings: z.strictObject({ conversion: z.enum(["purchase", "lead", "registration"]).default("purchase") }),
  settingFields: [
    {
      name: "conversion",
      label: "Conversion",
      help: "Which action counts as a conversion. Meta attributes it within 7 days of a click or 1 day of a view.",
      kind: "choice",
      choices: [
        { value: "purchase", label: "Purchases" },
        { value: "lead", label: "Leads" },
        { value: "registration", label: "Registrations" },
      ],
      required: false,
    },
  ],
  // Limits grow with the account's active ads; the headers of every response report the usage.
  limits: [],
  streams: STREAMS,
  sign: ({ access_token = "" }) => ({ authorization: `Bearer ${access_token}` }),
  check: async (context) => {
    const found = await listEdge(asker(context), "me/adaccounts", { fields: FIELDS.account });
    if (found.length === 0) throw new SourceError("forbidden", "this login has access to no ad account");
    return found.map((own) => {
      const { account_id: id, name, currency, timezone_name: timezone } = accountOf(own);
      return { id, name, currency, timezone };
    });
  },
  read,
  usage,
  failure,
  totals: async (stream, account, slice, context) =>
    stream.name === "ad_insights" ? accountDays(insightAsker(account.id, context), slice) : [],
};

function insightAsker(account: string, context: DriverContext): InsightAsker {
  const types = CONVERSIONS[String(context.settings.conversion)] ?? [];
  return { ...asker(context, account), node: `act_${account}`, types };
}

async function* read(
  { stream, account, slice }: ReadRequest,
  context: DriverContext,
): AsyncGenerator<Message> {
  const own = insightAsker(account.id, context);
  if (stream.name === "ad_insights") {
    if (slice === undefined) throw new SourceError("invalid", "ad_insights: no days to read");
    for await (const records of readInsights(own, slice))
      for (const record of records) yield { type: "record", record };
  } else if (stream.name === "ad_accounts") {
    const found = accountOf(await askOne(own, { path: `${own.node}?fields=${FIELDS.account}` }));
    yield { type: "record", record: { ...found, id: found.account_id, timezone: found.timezone_name } };
  } else yield* readEdge(stream.name, own);
}

async function* readEdge(stream: string, own: InsightAsker): AsyncGenerator<Message> {
  const edge = Object.entries(EDGES).find(([name]) => name === stream)?.[1];
  if (edge === undefined) throw new SourceError("invalid", `no stream ${stream}`);
  const parameters = { fields: FIELDS[edge], effective_status: JSON.stringify(STATUSES[edge]) };
  const found: Listed[] = await listEdge(own, `${own.node}/${edge}`, parameters);
  for (const object of found) yield { type: "record", record: RECORDS[edge](object) };
}
