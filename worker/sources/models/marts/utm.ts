/**
 * UTM values of an ad's links, which join ads to web events.
 * @module
 */

/** The three values that join ads and visits. */
export interface Utm {
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
}

/** Values of the platforms' macros, where known. */
export interface Macros {
  campaign_id: string | null;
  campaign: string | null;
  ad_group_id: string | null;
  ad_group: string | null;
  ad_id: string | null;
  ad: string | null;
}

/** Google's ValueTrack has single braces, Meta's dynamic parameters double ones. */
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

/** Returns the values of a link's `utm_*` parameters; null for a macro whose value is known only at the click. */
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
