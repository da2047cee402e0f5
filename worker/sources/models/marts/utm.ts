/**
 * UTM values that an ad puts on its links, by which it is joined to web events.
 * @module
 */

/** The three by which ads and visits are joined. */
export interface Utm {
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
}

/** What the platforms' macros stand for, as far as we know it. */
export interface Macros {
  campaign_id: string | null;
  campaign: string | null;
  ad_group_id: string | null;
  ad_group: string | null;
  ad_id: string | null;
  ad: string | null;
}

/** Google's ValueTrack in one pair of braces, Meta's dynamic parameters in two. */
const MACROS: Record<string, keyof Macros> = {
  campaignid: "campaign_id",
  adgroupid: "ad_group_id",
  creative: "ad_id",
  "campaign.id": "campaign_id",
  "campaign.name": "campaign",
  "adset.id": "ad_group_id",
  "adset.name": "ad_group",
  "ad.id": "ad_id",
  "ad.name": "ad",
};

/** The values of a link's `utm_*` parameters; one with a macro that only the click knows is null. */
export function utmOf(link: string | null | undefined, macros: Macros): Utm {
  const query = link?.slice(link.indexOf("?") + 1).split("#")[0] ?? "";
  const parameters = new URLSearchParams(link?.includes("=") ? query : "");
  const value = (name: string) => filled(parameters.get(name), macros);
  return {
    utm_source: value("utm_source"),
    utm_medium: value("utm_medium"),
    utm_campaign: value("utm_campaign"),
  };
}

function filled(text: string | null, macros: Macros): string | null {
  if (!text) return null;
  const known = text.replace(/\{\{?([\w.]+)\}?\}/g, (macro, name: string) => {
    const key = MACROS[name.toLowerCase()];
    return (key && macros[key]) ?? macro;
  });
  return /[{}]/.test(known) ? null : known;
}
