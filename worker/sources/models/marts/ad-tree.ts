/**
 * The hierarchy of an ad platform's objects: names, effective status and UTM values for the objects that a day refers to.
 * @module
 */
import { AD_STATUSES, type AdDay, type AdObject, type AdStatus } from "../../shapes/ads";
import { type Utm, utmOf } from "./utm";

/** All columns of a row except its numbers. */
export interface AdPath extends Utm {
  account_id: string;
  account: string | null;
  campaign_id: string;
  campaign: string | null;
  ad_group_id: string | null;
  ad_group: string | null;
  ad_id: string | null;
  ad: string | null;
  creative: string | null;
  keyword_id: string | null;
  keyword: string | null;
  match_type: string | null;
  status: AdStatus;
}

/** The effective status of an object and its parents; objects that have not been read are ignored. */
export function effectiveStatus(chain: readonly (AdObject | undefined)[]): AdStatus {
  return AD_STATUSES.find((status) => chain.some((object) => object?.status === status)) ?? "active";
}

/** Finds objects by id. Ids are unique within an account and level, but an ad or keyword may be in several groups. */
export class AdTree {
  readonly #objects = new Map<string, AdObject>();
  /** First link of each group, shared by its keywords. */
  readonly #groupLinks = new Map<string, string>();
  readonly #paths = new Map<string, AdPath>();
  readonly #utmSource: string;
  readonly #currencies: ReadonlyMap<string, string>;

  /** `currencies` are those of accounts whose own record has none. */
  constructor(objects: readonly AdObject[], utmSource: string, currencies: ReadonlyMap<string, string>) {
    this.#utmSource = utmSource;
    this.#currencies = currencies;
    for (const object of objects) {
      const { level, account_id, id, parent_id } = object;
      if (level === "ad" || level === "keyword")
        this.#objects.set(objectKey(account_id, level, parent_id, id), object);
      this.#objects.set(objectKey(account_id, level, null, id), object);
      const group = objectKey(account_id, "ad_group", null, parent_id ?? "");
      if (level === "ad" && object.link && !this.#groupLinks.has(group))
        this.#groupLinks.set(group, object.link);
    }
  }

  /** Returns the ISO 4217 code of an account. @throws Error when it is unknown. */
  currencyOf(account: string): string {
    const currency = this.#find(account, "account", account)?.currency ?? this.#currencies.get(account);
    if (!currency) throw new Error(`models: the currency of ad account ${account} is unknown`);
    return currency;
  }

  /** The object that a day's row refers to. */
  pathOf(day: AdDay): AdPath {
    const { account_id, campaign_id, ad_group_id, ad_id, keyword_id } = day;
    const key = `${account_id}/${campaign_id}/${ad_group_id}/${ad_id}/${keyword_id}`;
    const known = this.#paths.get(key) ?? this.#makePath(day);
    this.#paths.set(key, known);
    return known;
  }

  #makePath(day: AdDay): AdPath {
    const { account_id, ad_group_id, ad_id, keyword_id } = day;
    const ad = this.#find(account_id, "ad", ad_id, ad_group_id);
    const campaign_id = day.campaign_id ?? ad?.parent_id ?? "";
    const account = this.#find(account_id, "account", account_id);
    const campaign = this.#find(account_id, "campaign", campaign_id);
    const group = this.#find(account_id, "ad_group", ad_group_id);
    const keyword = this.#find(account_id, "keyword", keyword_id, ad_group_id);
    const names = {
      account_id,
      account: account?.name ?? null,
      campaign_id,
      campaign: campaign?.name ?? null,
      ad_group_id,
      ad_group: group?.name ?? null,
      ad_id,
      ad: ad?.name ?? null,
    };
    const groupLink = this.#groupLinks.get(objectKey(account_id, "ad_group", null, ad_group_id ?? ""));
    const [template, own] = [utmOf(campaign?.link, names), utmOf(ad?.link ?? groupLink, names)];
    return {
      ...names,
      creative: ad?.creative ?? null,
      keyword_id,
      keyword: keyword?.name ?? null,
      match_type: keyword?.match_type ?? null,
      status: effectiveStatus([campaign, group, ad, keyword]),
      utm_source: own.utm_source ?? template.utm_source ?? this.#utmSource,
      utm_medium: own.utm_medium ?? template.utm_medium,
      utm_campaign: own.utm_campaign ?? template.utm_campaign ?? names.campaign,
    };
  }

  #find(account: string, level: AdObject["level"], id: string | null, parent: string | null = null) {
    if (id === null) return undefined;
    return (
      this.#objects.get(objectKey(account, level, parent, id)) ??
      this.#objects.get(objectKey(account, level, null, id))
    );
  }
}

const objectKey = (account: string, level: string, parent: string | null, id: string): string =>
  `${account}/${level}/${parent ?? ""}/${id}`;
