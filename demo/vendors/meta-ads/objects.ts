/**
 * Campaigns, ad sets and ads as returned by the Marketing API.
 * After the vendor's references "Campaign", "Ad Set", "Ad", "Ad Account" and the page "Manage Your Ad Object's Status".
 * @module
 */

import { effectiveStatus, type ObjectStatus, statusOf } from "../ads.ts";
import type { AdAccount, AdPath } from "../company/ads.ts";
import type { Stage } from "../server/index.ts";
import type { VendorAnswer } from "../server/routes.ts";
import { badParameter } from "./errors.ts";

/** An object of the account: a campaign (no group, no ad), an ad set or an ad. */
export type Node = { account: AdAccount } & Partial<Omit<AdPath, "account">>;

/** The edges of an ad account and the level their objects have in filters and insights. */
export const EDGES: Record<string, "campaign" | "adset" | "ad"> = {
  campaigns: "campaign",
  adsets: "adset",
  ads: "ad",
};

const STATUS: Record<ObjectStatus, string> = {
  active: "ACTIVE",
  paused: "PAUSED",
  removed: "DELETED",
  archived: "ARCHIVED",
};

const own = ({ campaign, group, ad }: Node) => ad ?? group ?? campaign;
const chain = ({ campaign, group, ad }: Node) =>
  [campaign, group, ad].filter((object) => object !== undefined);

/** The object's own status; a campaign's planned end is included. */
const status = (stage: Stage, node: Node) => STATUS[statusOf(stage, own(node) ?? { id: "" })];

/** The status for delivery: deletion and archiving are inherited from parents, a parent's pause has its own names. */
export function effective(stage: Stage, node: Node): string {
  const strongest = effectiveStatus(stage, ...chain(node));
  if (strongest !== "paused" || status(stage, node) === "PAUSED") return STATUS[strongest];
  if (node.ad && node.group && statusOf(stage, node.group) === "paused") return "ADSET_PAUSED";
  return "CAMPAIGN_PAUSED";
}

/** The vendor's times: ISO 8601 with `+0000`. */
const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "+0000");

function updatedAt({ account: { removed, archived }, now }: Stage, node: Node): number {
  const times = chain(node).flatMap(({ id }) => [removed.get(id) ?? 0, archived.get(id) ?? 0]);
  const { createdAt = 0, endsAt = 0 } = node.campaign ?? {};
  return Math.max(createdAt, ...[endsAt, ...times].filter((at) => at <= now()));
}

type Field = (stage: Stage, node: Node) => unknown;
const COMMON: Record<string, Field> = {
  id: (_, node) => own(node)?.id,
  account_id: (_, node) => node.account.id,
  name: (_, node) => own(node)?.name,
  status,
  configured_status: status,
  effective_status: effective,
  created_time: (_, node) => time(node.campaign?.createdAt ?? 0),
  updated_time: (stage, node) => time(updatedAt(stage, node)),
};

const FIELDS: Record<string, Record<string, Field>> = {
  campaign: {
    ...COMMON,
    objective: () => "OUTCOME_SALES",
    buying_type: () => "AUCTION",
    // Budgets are texts in the currency's minor units; yen have none.
    daily_budget: (_, { campaign }) => String(campaign?.dailyBudgetMinor),
    start_time: (_, { campaign }) => time(campaign?.createdAt ?? 0),
  },
  adset: {
    ...COMMON,
    campaign_id: (_, { campaign }) => campaign?.id,
    optimization_goal: () => "OFFSITE_CONVERSIONS",
    billing_event: () => "IMPRESSIONS",
  },
  ad: {
    ...COMMON,
    campaign_id: (_, { campaign }) => campaign?.id,
    adset_id: (_, { group }) => group?.id,
    creative: (_, { ad }) => {
      const { origin, search } = new URL(ad?.url ?? "http://localhost");
      return {
        id: `${ad?.id}7`,
        name: ad?.headline,
        title: ad?.headline,
        link_url: origin,
        url_tags: search.slice(1),
      };
    },
  },
  account: {
    id: (_, { account }) => `act_${account.id}`,
    account_id: (_, { account }) => account.id,
    name: (_, { account }) => account.name,
    currency: (_, { account }) => account.currency,
    timezone_name: (_, { account }) => account.timeZone,
    account_status: () => 1,
  },
};

const TYPES: Record<string, string> = {
  campaign: "AdCampaignGroup",
  adset: "AdCampaign",
  ad: "AdGroup",
  account: "AdAccount",
};

/** The level of an object, which determines its fields. */
export const levelOf = ({ campaign, group, ad }: Node) =>
  ad ? "ad" : group ? "adset" : campaign ? "campaign" : "account";

/**
 * An object with the requested fields and its id; by default, the id alone. An unknown field refuses the whole call.
 */
export function pickNode(stage: Stage, node: Node, fields: string[]): object | VendorAnswer {
  const level = levelOf(node);
  const known = FIELDS[level] ?? {};
  const unknown = fields.find((field) => !(field in known));
  if (unknown)
    return badParameter(`Tried accessing nonexisting field (${unknown}) on node type (${TYPES[level]})`);
  const names = [...new Set([...fields, "id"])];
  return Object.fromEntries(names.map((field) => [field, known[field]?.(stage, node)]));
}

/** Whether {@link pickNode} refused. */
export const isRefused = (picked: object): picked is VendorAnswer =>
  "status" in picked && typeof picked.status === "number";

/** All objects of an edge, including deleted and archived ones. */
export function nodesOf(account: AdAccount, level: string): Node[] {
  const campaigns = account.campaigns.map((campaign): Node => ({ account, campaign }));
  if (level === "campaign") return campaigns;
  const groups = campaigns.flatMap((node) =>
    (node.campaign?.groups ?? []).map((group): Node => ({ ...node, group })),
  );
  if (level === "adset") return groups;
  return groups.flatMap((node) => (node.group?.ads ?? []).map((ad): Node => ({ ...node, ad })));
}

/** Objects that edges and lower levels of insights leave out unless their status is requested. */
export const isHidden = (stage: Stage, node: Node, wanted: string[] | undefined): boolean => {
  const found = effective(stage, node);
  return wanted ? !wanted.includes(found) : found === "DELETED" || found === "ARCHIVED";
};
