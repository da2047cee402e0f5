/**
 * Builds a month of an ad platform's source: from its records to the three marts of advertising.
 * @module
 */
import { daysOf, recordsOf } from "../records";
import type { AdDay, AdObject, AdPlatform, CurrencyOf } from "../shapes/ads";
import type { Staged } from "../shapes/staged";
import { AdTree } from "./marts/ad-tree";
import { AdsTables } from "./marts/ads";
import type { DriverModels, PartRequest } from "./partition";
import { loadRates } from "./rates-store";

/** Converts a platform's records to marts. */
export function adModels(platform: AdPlatform): DriverModels {
  const days = [platform.ads, ...(platform.keywords ? [platform.keywords] : [])];
  return {
    datasets: ["ads_campaigns", "ads_ads", ...(platform.keywords ? (["ads_keywords"] as const) : [])],
    streams: [...platform.objects, ...days].map(({ stream }) => stream),
    monthly: true,
    async build(request) {
      const tables = await readMonth(request, platform);
      const { campaigns: ads_campaigns, ads: ads_ads, keywords: ads_keywords } = tables;
      return { ads_campaigns, ads_ads, ...(platform.keywords && { ads_keywords }) };
    },
  };
}

async function readMonth(request: PartRequest, platform: AdPlatform): Promise<AdsTables> {
  const { control, project, source, month, currency } = request;
  const currencies = new Map(source.accounts.flatMap(({ id, currency: own }) => (own ? [[id, own]] : [])));
  const objects = await readObjects(request, platform);
  const tree = new AdTree(objects, platform.utmSource, currencies);
  const used = new Set([...currencies.values(), currency, ...objects.flatMap((own) => own.currency ?? [])]);
  const rates = await loadRates(control, used, `${month}-01`, `${month}-31`);
  const context = { project, source: source.id, platform: source.driver, tree, rates, currency };
  const tables = new AdsTables(context);
  const currencyOf = (account: string) => tree.currencyOf(account);
  await readDays(request, platform.ads, currencyOf, (day) => tables.addAd(day));
  if (platform.keywords)
    await readDays(request, platform.keywords, currencyOf, (day) => tables.addKeyword(day));
  return tables;
}

/** Removed objects stay, marked as removed, because past days refer to them. */
async function readObjects({ db, project, source }: PartRequest, platform: AdPlatform): Promise<AdObject[]> {
  const objects: AdObject[] = [];
  for (const { stream, stage } of platform.objects) {
    for await (const page of recordsOf(db, { project, source: source.id, stream })) {
      for (const { body, removed_at } of page) {
        const object = stage(body, undefined);
        objects.push(removed_at === null ? object : { ...object, status: "removed" });
      }
    }
  }
  return objects;
}

async function readDays(
  { db, project, source, month }: PartRequest,
  { stream, stage }: Staged<AdDay, CurrencyOf>,
  currencyOf: CurrencyOf,
  add: (day: AdDay) => void,
): Promise<void> {
  for await (const pages of daysOf(db, { project, source: source.id, stream }, month))
    for (const { records } of pages) for (const record of records) add(stage(record, currencyOf));
}
