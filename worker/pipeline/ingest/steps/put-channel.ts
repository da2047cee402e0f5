/**
 * The channel of a visit.
 * Rules after the default channel group of Google Analytics 4 (Analytics Help › Default channel group), so that
 * numbers can be compared, with AI assistants added and Cross-network left out.
 * @module
 */
import type { Channel } from "../../../../schema/wire/row";
import type { Draft } from "../draft";

/** Fills `channel`. */
export function putChannel({ body, marks }: Draft): undefined {
  const medium = (body.utm_medium ?? "").toLowerCase();
  const paid = PAID.test(medium) || marks.click?.paid === true;
  const campaign = (body.utm_campaign ?? "").toLowerCase();
  const shopping = marks.known?.kind === "shopping" || SHOPPING.test(campaign);
  const kind = shopping ? "shopping" : (marks.known?.kind ?? null);
  body.channel =
    (paid ? PAID_CHANNELS[kind ?? "other"] : undefined) ??
    byMedium(medium, (body.utm_source ?? "").toLowerCase()) ??
    (kind && CHANNELS_BY_KIND[kind]) ??
    (paid ? "Paid other" : body.source === null ? "Direct" : "Referral");
}

const PAID = /^(.*cp.*|ppc|retargeting|paid.*)$/;
const SHOPPING = /^(.*(([^a-df-z]|^)shop|shopping).*)$/;

const CHANNELS_BY_KIND = {
  search: "Organic search",
  social: "Organic social",
  video: "Video",
  shopping: "Organic shopping",
  ai: "AI assistant",
  email: "Email",
} as const satisfies Record<string, Channel>;

/** Paid clicks of kinds that are missing here are classified by their medium. */
const PAID_CHANNELS: Record<string, Channel | undefined> = {
  search: "Paid search",
  social: "Paid social",
  shopping: "Paid shopping",
  video: "Video",
};

function byMedium(medium: string, source: string): Channel | undefined {
  if (["display", "banner", "expandable", "interstitial", "cpm"].includes(medium)) return "Display";
  if (["social", "social-network", "social-media", "social network", "social media", "sm"].includes(medium)) {
    return "Organic social";
  }
  if (medium.includes("video")) return "Video";
  if (medium === "organic") return "Organic search";
  if (EMAIL.test(medium) || EMAIL.test(source)) return "Email";
  if (medium === "affiliate" || medium === "affiliates") return "Affiliate";
  if (medium === "audio") return "Audio";
  if (medium === "sms" || source === "sms") return "SMS";
  if (medium.endsWith("push") || /mobile|notification/.test(medium) || source === "firebase") return "Push";
  if (["referral", "app", "link"].includes(medium)) return "Referral";
  return undefined;
}
const EMAIL = /^(e[-_ ]?mail|newsletter)$/;
