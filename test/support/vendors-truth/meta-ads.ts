/**
 * Expected contents of synced tables of Meta Ads, computed from the stand-in's truth.
 * @module
 */
import type { AdTruth, DayTruth, ObjectTruth } from "../../../demo/vendors/ads.ts";

type Fields = Record<string, unknown>;
/** The truth, whose days may be a list already. */
type ReportedTruth = Omit<AdTruth, "days"> & { days: AdTruth["days"] | DayTruth[] };
interface Days {
  from: string;
  to: string;
}

const STATUS = { active: "ACTIVE", paused: "PAUSED", removed: "DELETED", archived: "ARCHIVED" };
const ORDER = ["removed", "archived", "paused"] as const;
const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "+0000");

/** The status of an object for delivery, including its parents. */
function effective(own: ObjectTruth, group?: ObjectTruth, campaign?: ObjectTruth): string {
  const chain = [own, group, campaign].flatMap((object) => object?.status ?? []);
  const strongest = ORDER.find((status) => chain.includes(status)) ?? "active";
  if (strongest !== "paused" || own.status === "paused") return STATUS[strongest];
  return group?.status === "paused" ? "ADSET_PAUSED" : "CAMPAIGN_PAUSED";
}

function objectsOf(truth: ReportedTruth) {
  const tree = truth.accounts.flatMap(({ campaigns }) => campaigns);
  const createdAt = new Map(tree.map(({ id, createdAt: at }) => [id, at]));
  const ads = new Map(
    tree.flatMap(({ groups }) => groups.flatMap((group) => group.ads.map((ad) => [ad.id, ad] as const))),
  );
  const campaigns = new Map(truth.campaigns.map((own) => [own.id, own]));
  const groups = new Map(truth.groups.map((own) => [own.id, own]));
  return { createdAt, ads, campaigns, groups };
}

type World = ReturnType<typeof objectsOf>;
const common = (own: ObjectTruth, createdAt: number, effective_status: string): Fields => ({
  id: own.id,
  account_id: own.accountId,
  name: own.name,
  status: STATUS[own.status],
  effective_status,
  created_time: time(createdAt),
});

function adSet(own: ObjectTruth, { campaigns, createdAt }: World): Fields {
  const at = createdAt.get(own.parentId) ?? 0;
  return {
    ...common(own, at, effective(own, undefined, campaigns.get(own.parentId))),
    campaign_id: own.parentId,
    optimization_goal: "OFFSITE_CONVERSIONS",
    billing_event: "IMPRESSIONS",
  };
}

function ad(own: ObjectTruth, { campaigns, groups, ads, createdAt }: World): Fields {
  const group = groups.get(own.parentId);
  const campaign = campaigns.get(group?.parentId ?? "");
  const made = ads.get(own.id);
  const { origin, search } = new URL(made?.url ?? "");
  return {
    ...common(own, createdAt.get(campaign?.id ?? "") ?? 0, effective(own, group, campaign)),
    campaign_id: campaign?.id,
    ad_set_id: own.parentId,
    creative_id: `${own.id}7`,
    creative_name: made?.headline,
    creative_title: made?.headline,
    link_url: origin,
    url_tags: search.slice(1),
  };
}

function insight(own: DayTruth, { campaigns, groups, ads }: World): Fields {
  return {
    day: own.day,
    account_id: own.accountId,
    account_currency: own.currency,
    campaign_id: own.campaignId,
    campaign_name: campaigns.get(own.campaignId)?.name,
    ad_set_id: own.groupId,
    ad_set_name: groups.get(own.groupId)?.name,
    ad_id: own.adId,
    ad_name: ads.get(own.adId)?.name,
    impressions: own.impressions,
    clicks: own.clicks,
    spend_minor: own.spendMinor,
    conversions: own.conversions,
    value_minor: own.valueMinor,
  };
}

/** The expected records of a stream by key; of insights, those of the days (inclusive), keyed by day and ad. */
export function expected(truth: ReportedTruth, stream: string, days: Days): Map<string, Fields> {
  const world = objectsOf(truth);
  const reportedDays = typeof truth.days === "function" ? truth.days(days.from, days.to) : truth.days;
  if (stream === "ad_insights")
    return new Map(reportedDays.map((own) => [`${own.day}/${own.adId}`, insight(own, world)]));
  const rows: Record<string, () => Fields[]> = {
    ad_accounts: () =>
      truth.accounts.map(({ id, name, currency, timeZone: timezone }) => ({
        id,
        name,
        currency,
        timezone,
        account_status: 1,
      })),
    campaigns: () =>
      truth.campaigns.map((own) => ({
        ...common(own, world.createdAt.get(own.id) ?? 0, effective(own)),
        objective: "OUTCOME_SALES",
        buying_type: "AUCTION",
        daily_budget_minor: own.dailyBudgetMinor,
        start_time: time(world.createdAt.get(own.id) ?? 0),
      })),
    ad_sets: () => truth.groups.map((own) => adSet(own, world)),
    ads: () => truth.ads.map((own) => ad(own, world)),
  };
  const make = rows[stream];
  if (make === undefined) throw new Error(`meta ads has no stream ${stream}`);
  return new Map(make().map((own) => [String(own.id), own]));
}
