/**
 * Visitors: a place, a browser and a screen, always the same for the same visitor.
 * @module
 */
import type { z } from "zod";
import type { rawContextSchema } from "../../schema/wire/event.ts";
import { type Choice, choice, Random } from "./random.ts";

/** Attributes of a visitor. */
export interface Visitor {
  context: z.input<typeof rawContextSchema>;
  language: string;
  screen: string;
}

interface Place {
  country: string;
  language: string;
  cities: readonly (readonly [region: string, city: string])[];
  /** First octet of the addresses: ranges of residential and mobile providers. */
  network: number;
}

const place = (
  country: string,
  language: string,
  network: number,
  ...cities: (readonly [string, string])[]
): Place => ({ country, language, cities, network });

const PLACES: Choice<Place> = choice([
  [
    place(
      "US",
      "en-US",
      73,
      ["California", "Los Angeles"],
      ["New York", "New York"],
      ["Oregon", "Portland"],
      ["Texas", "Austin"],
      ["Illinois", "Chicago"],
    ),
    270,
  ],
  [
    place(
      "DE",
      "de-DE",
      91,
      ["Land Berlin", "Berlin"],
      ["Bavaria", "Munich"],
      ["Hamburg", "Hamburg"],
      ["Saxony", "Leipzig"],
    ),
    140,
  ],
  [place("GB", "en-GB", 86, ["England", "London"], ["England", "Manchester"], ["Scotland", "Glasgow"]), 110],
  [place("JP", "ja-JP", 126, ["Tokyo", "Tokyo"], ["Okayama", "Kurashiki"], ["Kyoto", "Kyoto"]), 95],
  [place("FR", "fr-FR", 90, ["Île-de-France", "Paris"], ["Auvergne-Rhône-Alpes", "Lyon"]), 80],
  [place("NL", "nl-NL", 84, ["North Holland", "Amsterdam"], ["Utrecht", "Utrecht"]), 48],
  [place("CA", "en-CA", 70, ["Ontario", "Toronto"], ["British Columbia", "Vancouver"]), 46],
  [place("IT", "it-IT", 79, ["Lombardy", "Milan"], ["Tuscany", "Prato"]), 42],
  [place("IN", "en-IN", 117, ["Karnataka", "Bengaluru"], ["Gujarat", "Ahmedabad"]), 40],
  [place("AU", "en-AU", 121, ["Victoria", "Melbourne"], ["New South Wales", "Sydney"]), 34],
  [place("SE", "sv-SE", 78, ["Stockholm County", "Stockholm"], ["Västra Götaland", "Borås"]), 26],
  [place("ES", "es-ES", 88, ["Catalonia", "Barcelona"], ["Madrid", "Madrid"]), 26],
  [place("BR", "pt-BR", 177, ["São Paulo", "São Paulo"], ["Santa Catarina", "Blumenau"]), 24],
  [place("KR", "ko-KR", 121, ["Seoul", "Seoul"], ["Daegu", "Daegu"]), 19],
]);

interface Device {
  user_agent: string;
  screens: readonly string[];
}

const device = (user_agent: string, ...screens: string[]): Device => ({ user_agent, screens });
const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)";
const ANDROID = "Mozilla/5.0 (Linux; Android 10; K)";
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0";
const WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1";

const DEVICES: Choice<Device> = choice([
  [device(`${WINDOWS} ${CHROME} Safari/537.36`, "1920x1080", "1536x864", "2560x1440"), 250],
  [device(`${IPHONE} ${WEBKIT} Mobile/15E148 Safari/604.1`, "393x852", "390x844", "430x932"), 220],
  [device(`${ANDROID} ${CHROME} Mobile Safari/537.36`, "412x915", "360x800", "384x832"), 190],
  [device(`${MAC} ${CHROME} Safari/537.36`, "1440x900", "1512x982", "1728x1117"), 110],
  [device(`${MAC} ${WEBKIT} Safari/605.1.15`, "1440x900", "1512x982"), 80],
  [device(`${WINDOWS} ${CHROME} Safari/537.36 Edg/148.0.0.0`, "1920x1080", "1366x768"), 60],
  [
    device("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "1920x1080"),
    40,
  ],
  [
    device(
      "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
      "1920x1080",
      "2560x1440",
    ),
    24,
  ],
  [
    device(
      "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
      "820x1180",
      "1024x1366",
    ),
    24,
  ],
  [
    device(
      "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
      "360x780",
    ),
    22,
  ],
  [device(`${WINDOWS} ${CHROME} Safari/537.36 OPR/120.0.0.0`, "1920x1080"), 10],
]);

/** User agents of crawlers, monitors and libraries; ingest drops all of them. */
export const BOTS = [
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
  "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
  "python-requests/2.32.3",
] as const;

/** The visitor of a number. */
export function visitorOf(key: number): Visitor {
  const random = new Random(key);
  const { country, language, cities, network } = random.choose(PLACES);
  const [region, city] = random.of(cities);
  const { user_agent, screens } = random.choose(DEVICES);
  const ip = `${network}.${random.int(256)}.${random.int(256)}.${1 + random.int(254)}`;
  return { context: { user_agent, ip, country, region, city }, language, screen: random.of(screens) };
}

/** A crawler from the same places. */
export function botOf(key: number): Visitor {
  const random = new Random(key);
  const visitor = visitorOf(key);
  return { ...visitor, context: { ...visitor.context, user_agent: random.of(BOTS) } };
}
