/**
 * LinkedIn Ads: accounts, campaigns, creatives and their daily performance, through the Marketing API. From "Versioning",
 * "Rate Limiting", "Refresh Tokens with OAuth 2.0".
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
import { ELEMENTS_MAX, VALUES_LIMIT } from "./analytics";
import { campaignTotals, readDays } from "./days";
import { linkedinFailure } from "./failure";
import { ACCOUNTS, campaignsOf, creativesOf, readList } from "./lists";
import {
  linkedinAccountSchema,
  linkedinAdAnalyticsSchema,
  linkedinCampaignSchema,
  linkedinCreativeSchema,
} from "./records";

const list = { mode: "snapshot", primaryKey: ["id"] } as const;
const STREAMS: StreamSpec[] = [
  {
    ...list,
    name: "accounts",
    label: "Account",
    description: "The account and its currency.",
    schema: linkedinAccountSchema,
  },
  {
    ...list,
    name: "campaigns",
    label: "Campaigns",
    description: "Campaigns with their status and budget.",
    schema: linkedinCampaignSchema,
  },
  {
    ...list,
    name: "creatives",
    label: "Creatives",
    description: "Ads with their status and landing page.",
    schema: linkedinCreativeSchema,
  },
  {
    name: "ad_analytics",
    label: "Creatives by day",
    description: "Impressions, clicks, cost and conversions of each creative and day.",
    mode: "daily",
    primaryKey: ["creative_id"],
    schema: linkedinAdAnalyticsSchema,
    day: "day",
    // Conversions count on the day of the click or view, up to 30 days later by default (90 at most).
    restateDays: 30,
    sliceDays: 14,
  },
];

/** The driver; `elementsMax` is the number of elements at which the vendor truncates. */
export function linkedinAdsDriver(elementsMax: number): Driver {
  return {
    name: "linkedin_ads",
    label: VENDOR_LABELS.linkedin_ads,
    category: "ads",
    description: "Campaigns and creatives with their daily performance.",
    baseUrl: "https://api.linkedin.com",
    version: "202607",
    // "Versioning": a version is supported for at least a year; they end around the 15th.
    sunset: "2027-07-15",
    auth: {
      kind: "oauth",
      authorizeBase: "https://www.linkedin.com",
      authorizePath: "/oauth/v2/authorization",
      tokenBase: "https://www.linkedin.com",
      tokenPath: "/oauth/v2/accessToken",
      scopes: ["r_ads", "r_ads_reporting"],
      keys: [
        {
          name: "access_token",
          label: "Access token",
          help: "Token with the scopes r_ads and r_ads_reporting. Valid for 60 days.",
          kind: "secret",
          required: true,
        },
        {
          name: "refresh_token",
          label: "Refresh token",
          help: "Token of this deployment's application. Valid for a year.",
          kind: "secret",
          required: false,
        },
      ],
      refreshes: true,
    },
    settings: z.strictObject({}),
    settingFields: [],
    // Daily limits are not published; a response reports when they are reached.
    limits: [VALUES_LIMIT],
    streams: STREAMS,
    sign: ({ access_token = "" }, { version }) => ({
      authorization: `Bearer ${access_token}`,
      "linkedin-version": version,
      "x-restli-protocol-version": "2.0.0",
    }),
    check,
    read: (request, context) => read(request, context, elementsMax),
    failure: (answer, _, now) => linkedinFailure(answer, now),
    totals: async ({ name }, account, slice, context) =>
      name === "ad_analytics" ? campaignTotals(account.id, slice, context, elementsMax) : [],
  };
}

/** LinkedIn Ads. */
export const linkedinAds = linkedinAdsDriver(ELEMENTS_MAX);

/** Reports use UTC days, regardless of the account's zone. */
async function check(context: DriverContext) {
  const found = await readList(ACCOUNTS, context);
  if (found.length === 0)
    throw new SourceError("forbidden", "this login has access to no LinkedIn ad account");
  return found.map(({ id, name, currency }) => ({
    id: String(id),
    name: String(name),
    currency: String(currency),
    timezone: "UTC",
  }));
}

async function* read(
  { stream, account, slice }: ReadRequest,
  context: DriverContext,
  elementsMax: number,
): AsyncGenerator<Message> {
  for (const record of await records()) yield { type: "record", record };

  async function records() {
    if (stream.name === "accounts")
      return (await readList(ACCOUNTS, context, account.id)).filter(({ id }) => id === account.id);
    if (stream.name === "campaigns") return readList(campaignsOf(account.id), context, account.id);
    if (stream.name === "creatives") return readList(creativesOf(account.id), context, account.id);
    if (!slice) throw new SourceError("internal", `${stream.name} is read by days`);
    return readDays(account.id, slice, context, elementsMax);
  }
}
