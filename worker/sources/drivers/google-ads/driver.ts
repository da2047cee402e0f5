/**
 * Google Ads: campaigns, ads, keywords and their daily performance, through the REST interface. From "REST: Search &
 * SearchStream", "Authorization and HTTP headers", "Access levels and permissible use", "Deprecation and sunset". Developer
 * tokens no longer exist: access belongs to the Google Cloud project of the OAuth client.
 * @module
 */

import { z } from "zod";
import { VENDOR_LABELS } from "../../../../schema/wire/vendors";
import { DAY_MS } from "../../../lib/time";
import {
  type DayTotals,
  type Driver,
  type DriverContext,
  type Message,
  type ReadRequest,
  type Slice,
  SourceError,
  type StreamSpec,
} from "../../vendor/driver";
import { askerOf, reachable } from "./customers";
import { googleFailure, googleUsage } from "./failure";
import { during } from "./gaql";
import {
  googleAccountSchema,
  googleAdGroupSchema,
  googleAdPerformanceSchema,
  googleAdSchema,
  googleCampaignSchema,
  googleKeywordPerformanceSchema,
  googleKeywordSchema,
} from "./records";
import { type Asker, search, stream } from "./requests";
import { CAMPAIGN_DAYS, DAYS, LISTS } from "./rows";

const list = { mode: "snapshot", primaryKey: ["id"] } as const;
/** Conversions count on the day of the click, up to 30 days later by default (90 at most). */
const daily = { mode: "daily", day: "day", restateDays: 30, sliceDays: 14 } as const;
const STREAMS: StreamSpec[] = [
  {
    ...list,
    name: "accounts",
    label: "Account",
    description: "The account, its currency and time zone.",
    schema: googleAccountSchema,
  },
  {
    ...list,
    name: "campaigns",
    label: "Campaigns",
    description: "Campaigns with their status and budget.",
    schema: googleCampaignSchema,
  },
  {
    ...list,
    name: "ad_groups",
    label: "Ad groups",
    description: "Ad groups of campaigns.",
    schema: googleAdGroupSchema,
  },
  {
    ...list,
    name: "ads",
    label: "Ads",
    description: "Ads with their headline and landing page.",
    primaryKey: ["ad_group_id", "id"],
    schema: googleAdSchema,
  },
  {
    ...list,
    name: "keywords",
    label: "Keywords",
    description: "Keywords with their bids.",
    primaryKey: ["ad_group_id", "id"],
    schema: googleKeywordSchema,
  },
  {
    ...daily,
    name: "ad_performance",
    label: "Ads by day",
    description: "Impressions, clicks, cost and conversions of each ad and day.",
    primaryKey: ["campaign_id", "ad_group_id", "ad_id"],
    schema: googleAdPerformanceSchema,
  },
  {
    ...daily,
    name: "keyword_performance",
    label: "Keywords by day",
    description: "Impressions, clicks, cost and conversions of each keyword and day.",
    primaryKey: ["ad_group_id", "keyword_id"],
    schema: googleKeywordPerformanceSchema,
  },
];

const loginField = {
  name: "login_customer_id",
  label: "Manager account",
  help: "Customer id of the manager account. Leave empty to use every account that you have access to.",
  kind: "text",
  required: false,
  placeholder: "123-456-7890",
} as const;

/** Google Ads. */
export const googleAds: Driver = {
  name: "google_ads",
  label: VENDOR_LABELS.google_ads,
  category: "ads",
  description: "Campaigns, ad groups, ads and keywords with their daily performance.",
  baseUrl: "https://googleads.googleapis.com",
  version: "v26",
  // "Deprecation and sunset": a major version is supported for about a year; v26 was released on 14 October 2026.
  sunset: "2027-10-14",
  auth: {
    kind: "oauth",
    authorizeBase: "https://accounts.google.com",
    authorizePath: "/o/oauth2/v2/auth",
    tokenBase: "https://oauth2.googleapis.com",
    tokenPath: "/token",
    scopes: ["https://www.googleapis.com/auth/adwords"],
    // Without these Google returns a refresh token only at the first consent.
    parameters: { access_type: "offline", prompt: "consent" },
    keys: [
      {
        name: "refresh_token",
        label: "Refresh token",
        help: "Token of this deployment's OAuth client, with the scope adwords.",
        kind: "secret",
        required: true,
      },
      {
        name: "access_token",
        label: "Access token",
        help: "Optional. Saves the first token renewal.",
        kind: "secret",
        required: false,
      },
    ],
    refreshes: true,
  },
  // People write ids with dashes; the header takes digits only.
  settings: z.strictObject({
    login_customer_id: z
      .string()
      .transform((value) => value.replaceAll(/[\s-]/g, ""))
      .pipe(z.string().regex(/^(\d{10})?$/, "A customer id has ten digits."))
      .default(""),
  }),
  settingFields: [loginField],
  // Limits of Basic access. With Explorer access, calls beyond 2,880 are rejected with the time to wait.
  limits: [{ name: "operations", calls: 15_000, perMs: DAY_MS }],
  streams: STREAMS,
  sign: ({ access_token = "" }) => ({ authorization: `Bearer ${access_token}` }),
  check: async (context) => (await reachable(context)).map(({ account }) => account),
  read,
  usage: (answer, _, now) => googleUsage(answer, now),
  failure: (answer, _, now) => googleFailure(answer, now),
  totals,
};

async function* read(request: ReadRequest, context: DriverContext): AsyncGenerator<Message> {
  const { account, slice } = request;
  const { name } = request.stream;
  const asker = await askerOf(account.id, context);
  const own = LISTS[name];
  if (own) {
    for (const row of await search(asker, own)) yield { type: "record", record: own.record(row) };
    return;
  }
  if (!slice) throw new SourceError("internal", `${name} is read by days`);
  for (const table of DAYS[name] ?? [])
    for (const row of await dayRows(asker, table, slice)) yield { type: "record", record: table.record(row) };
}

function dayRows(
  asker: Asker,
  { select, from, where = [] }: typeof CAMPAIGN_DAYS,
  slice: Slice,
): Promise<unknown[]> {
  return stream(asker, { select, from, where: [...where, during(slice)] });
}

const SUMMED = ["impressions", "clicks", "cost_micros", "conversions", "conversions_value"] as const;

/** Totals of campaigns equal the sums of ads. Keywords have no totals, because other targeting delivers ads too. */
async function totals(
  { name }: StreamSpec,
  account: ReadRequest["account"],
  slice: Slice,
  context: DriverContext,
): Promise<DayTotals[]> {
  if (name !== "ad_performance") return [];
  const days = new Map<string, Record<string, number>>();
  for (const row of await dayRows(await askerOf(account.id, context), CAMPAIGN_DAYS, slice)) {
    const record = CAMPAIGN_DAYS.record(row);
    const day = String(record.day);
    const sums = days.get(day) ?? Object.fromEntries(SUMMED.map((metric) => [metric, 0]));
    for (const metric of SUMMED) sums[metric] = (sums[metric] ?? 0) + Number(record[metric]);
    days.set(day, sums);
  }
  return [...days].map(([day, own]) => ({ day, totals: own }));
}
