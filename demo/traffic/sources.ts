/**
 * Sources of visitors and their landing pages.
 * @module
 */
import { type Choice, choice, type Random } from "./random.ts";
import { ARTICLES, PRODUCTS } from "./site.ts";

/** The start of a visit. */
export interface Arrival {
  referrer: string;
  path: string;
  /** Query string of the landing page, with its `?`, or nothing. */
  query: string;
  /** How much likelier than the average the visitor is to act: 1 is average. */
  intent: number;
}

interface Source {
  referrer: string;
  utm?: { source: string; medium: string; campaigns: readonly string[]; terms?: readonly string[] };
  landing: "any" | "home" | "shop" | "journal";
  intent: number;
}

/** `utm_campaign` of the demo's ad accounts (demo/vendors/company/ads.ts), so that cost per sign-up has both parts. */
const CAMPAIGNS = ["spring-cloth", "first-yard", "winter-mending", "swatch-box", "makers"] as const;
/** Google Ads has a second account, with its own campaign names. */
const GOOGLE_CAMPAIGNS = CAMPAIGNS.flatMap((name) => [name, `${name}-jp`]);

const SOURCES: Choice<Source> = choice<Source>([
  [{ referrer: "", landing: "any", intent: 1.3 }, 290],
  [{ referrer: "https://www.google.com/", landing: "any", intent: 1 }, 260],
  [{ referrer: "https://www.bing.com/", landing: "any", intent: 1 }, 34],
  [{ referrer: "https://duckduckgo.com/", landing: "any", intent: 1.1 }, 30],
  [{ referrer: "https://www.ecosia.org/", landing: "any", intent: 1 }, 9],
  [{ referrer: "https://chatgpt.com/", landing: "journal", intent: 1.2 }, 38],
  [{ referrer: "https://www.perplexity.ai/", landing: "journal", intent: 1.1 }, 14],
  [{ referrer: "https://news.ycombinator.com/", landing: "journal", intent: 0.4 }, 36],
  [{ referrer: "https://www.reddit.com/", landing: "journal", intent: 0.5 }, 44],
  [{ referrer: "https://l.instagram.com/", landing: "shop", intent: 0.8 }, 48],
  [{ referrer: "https://www.pinterest.com/", landing: "shop", intent: 0.9 }, 30],
  [{ referrer: "https://www.youtube.com/", landing: "journal", intent: 0.6 }, 20],
  [{ referrer: "https://bsky.app/", landing: "journal", intent: 0.6 }, 12],
  [{ referrer: "https://thread-magazine.example/", landing: "journal", intent: 1.1 }, 18],
  [{ referrer: "https://sewing-circle.example/links", landing: "home", intent: 1.2 }, 14],
  [
    {
      referrer: "https://www.google.com/",
      utm: {
        source: "google",
        medium: "cpc",
        campaigns: GOOGLE_CAMPAIGNS,
        terms: ["selvedge denim", "indigo fabric", "sashiko"],
      },
      landing: "shop",
      intent: 1.6,
    },
    62,
  ],
  [
    {
      referrer: "https://l.facebook.com/",
      utm: { source: "facebook", medium: "paid_social", campaigns: CAMPAIGNS },
      landing: "shop",
      intent: 0.7,
    },
    40,
  ],
  [
    {
      referrer: "https://www.linkedin.com/",
      utm: { source: "linkedin", medium: "paid_social", campaigns: CAMPAIGNS },
      landing: "shop",
      intent: 1,
    },
    16,
  ],
  [
    {
      referrer: "",
      utm: { source: "letter", medium: "email", campaigns: ["letter-12", "letter-13", "basket-reminder"] },
      landing: "any",
      intent: 2.1,
    },
    46,
  ],
]);

const LANDINGS: Record<Source["landing"], Choice<string>> = {
  home: choice([["/", 1]]),
  shop: choice([["/shop", 3], ...PRODUCTS.map(({ path }, i) => [path, 6 - i] as const)]),
  journal: choice(ARTICLES.map(({ path }, i) => [path, 8 - 2 * i] as const)),
  any: choice([
    ["/", 9],
    ["/shop", 3],
    ...PRODUCTS.map(({ path }) => [path, 0.8] as const),
    ...ARTICLES.map(({ path }) => [path, 1.2] as const),
    ["/about", 0.5],
  ]),
};

/** Draws the start of a visit. */
export function arrive(random: Random): Arrival {
  const { referrer, utm, landing, intent } = random.choose(SOURCES);
  const path = random.choose(LANDINGS[landing]);
  if (!utm) return { referrer, path, query: "", intent };
  const term = utm.terms ? `&utm_term=${encodeURIComponent(random.of(utm.terms))}` : "";
  const query = `?utm_source=${utm.source}&utm_medium=${utm.medium}&utm_campaign=${random.of(utm.campaigns)}${term}`;
  return { referrer, path, query, intent };
}
