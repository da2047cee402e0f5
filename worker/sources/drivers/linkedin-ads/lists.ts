/**
 * Accounts, campaigns and creatives: finders paginated by token ("Pagination"), with flattened elements. A repeated page
 * restarts the list.
 */
import { z } from "zod";
import type { DriverContext, SourceRecord } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { readConsistent } from "../read-consistent";
import { finder, idOf, list } from "./restli";

const ATTEMPTS = 3;
/** Some finders leave out archived and removed ones unless all statuses are named. */
const STATUSES = [
  ...["ACTIVE", "PAUSED", "ARCHIVED", "COMPLETED", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED"],
];
const ACCOUNT_STATUSES = ["ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED"];
const inStatus = (statuses: string[]) => `(status:(values:${list(statuses)}))`;

const id = z.union([z.string(), z.number().int()]).transform(String);
const urn = z.string().regex(/^urn:li:\w+:\d+$/);
const accountSchema = z.object({
  id,
  name: z.string(),
  currency: z.string(),
  status: z.string(),
});
const campaignSchema = z.object({
  id,
  campaignGroup: urn.optional(),
  name: z.string(),
  status: z.string(),
  type: z.string(),
  objectiveType: z.string().optional(),
  costType: z.string().optional(),
  dailyBudget: z.object({ amount: z.string() }).optional(),
  changeAuditStamps: z.object({ created: z.object({ time: z.number().int() }) }),
});
const creativeSchema = z.object({
  id: urn,
  campaign: urn,
  name: z.string().optional(),
  intendedStatus: z.string(),
  isServing: z.boolean(),
  content: z.record(z.string(), z.unknown()).optional(),
  createdAt: z.number().int(),
});
/** Landing pages of text, spotlight and job ads; other ads refer to a post. */
const wordsSchema = z.object({ headline: z.string().optional(), landingPage: z.string() });

/** How a list is requested. */
interface Finder {
  path: string;
  q: string;
  parameters: Record<string, string>;
  size: number;
  record(element: unknown): SourceRecord & { id: string };
}

/** The accounts that the login can read. */
export const ACCOUNTS: Finder = {
  path: "/rest/adAccounts",
  q: "search",
  parameters: { search: inStatus(ACCOUNT_STATUSES) },
  size: 1000,
  record: (element) => parseShape("adAccounts", accountSchema, element),
};

/** Campaigns of an account. */
export const campaignsOf = (account: string): Finder => ({
  path: `/rest/adAccounts/${account}/adCampaigns`,
  q: "search",
  parameters: { search: inStatus(STATUSES) },
  size: 1000,
  record: (element) => {
    const own = parseShape("adCampaigns", campaignSchema, element);
    return {
      id: own.id,
      account_id: account,
      campaign_group_id: own.campaignGroup === undefined ? null : idOf(own.campaignGroup),
      name: own.name,
      status: own.status,
      type: own.type,
      objective_type: own.objectiveType ?? null,
      cost_type: own.costType ?? null,
      daily_budget: own.dailyBudget?.amount ?? null,
      created_at: own.changeAuditStamps.created.time,
    };
  },
});

/** Creatives of an account. */
export const creativesOf = (account: string): Finder => ({
  path: `/rest/adAccounts/${account}/creatives`,
  q: "criteria",
  parameters: {},
  size: 100,
  record: (element) => {
    const own = parseShape("creatives", creativeSchema, element);
    const words = Object.values(own.content ?? {}).map((part) => wordsSchema.safeParse(part).data);
    const said = words.find(Boolean);
    return {
      id: idOf(own.id),
      account_id: account,
      campaign_id: idOf(own.campaign),
      name: own.name ?? null,
      intended_status: own.intendedStatus,
      is_serving: own.isServing,
      headline: said?.headline ?? null,
      landing_page: said?.landingPage ?? null,
      created_at: own.createdAt,
    };
  },
});

const pageSchema = z.object({
  elements: z.array(z.unknown()),
  metadata: z.object({ nextPageToken: z.string().optional() }).optional(),
});

/** All records of a list. @throws SourceError `unavailable` when its pages repeat each other. */
export async function readList(
  { path, q, parameters, size, record }: Finder,
  context: DriverContext,
  account?: string,
): Promise<SourceRecord[]> {
  const failure = `${path.split("/").at(-1)}: pages were returned twice`;
  return readConsistent({ attempts: ATTEMPTS, failure }, async () => {
    const found = new Map<string, SourceRecord>();
    let count = 0;
    let pageToken: string | undefined;
    do {
      const page: Record<string, string> = { ...parameters, pageSize: String(size) };
      if (pageToken !== undefined) page.pageToken = encodeURIComponent(pageToken);
      const { body } = await context.call(finder(path, q, page, {}), account);
      const { elements, metadata } = parseShape(q, pageSchema, body);
      for (const element of elements) {
        const own = record(element);
        found.set(own.id, own);
      }
      count += elements.length;
      pageToken = metadata?.nextPageToken || undefined;
      if (elements.length === 0 && pageToken !== undefined) break;
    } while (found.size === count && pageToken !== undefined);
    return found.size === count && pageToken === undefined ? [...found.values()] : null;
  });
}
