/**
 * Dimensions that several datasets share: time, the event's own fields, the visit's.
 * @module
 */
import { GRANULARITIES } from "../../../schema/wire/query";
import type { Dimension } from "./dataset";

const GRAINS = {
  hour: "Hours of the reporting time zone.",
  day: "Days of the reporting time zone.",
  week: "Weeks from Monday, in the reporting time zone.",
  month: "Calendar months of the reporting time zone.",
} as const;

/** `time:hour` … `time:month`. */
export const timeDimensions: readonly Dimension[] = GRANULARITIES.map((grain) => ({
  name: `time:${grain}`,
  label: grain[0]!.toUpperCase() + grain.slice(1),
  description: GRAINS[grain],
  origin: { kind: "time", grain },
  nulls: "omit",
}));

/** `time:day` … `time:month`, of datasets whose rows have a calendar day and no hour. */
export const dayDimensions = timeDimensions.filter(({ name }) => name !== "time:hour");

/** Campaign parameters under the names that visits have them by, so that a dataset breaks down beside web events. */
export const utmDimensions = (whose: string): readonly Dimension[] =>
  (["utm_source", "utm_medium", "utm_campaign"] as const).map((column) => ({
    name: `visit:${column}`,
    label: `UTM ${column.slice("utm_".length)}`,
    description: `Campaign parameter ${column} ${whose}.`,
    origin: { kind: "column", column },
    nulls: "omit",
  }));

type Declared = readonly [name: string, column: string, label: string, description: string];

/** Fields of one event. */
const EVENT: readonly Declared[] = [
  ["event:name", "event_name", "Event", "Name that the sender gave the event."],
  ["event:path", "path", "Page", "Path of the page on which the event happened."],
  ["event:hostname", "hostname", "Host", "Host name of the page on which the event happened."],
  ["event:title", "title", "Page title", "Title of the page on which the event happened."],
];

/** Fields of a session: those of its first event, and the first and last page it viewed. */
const VISIT: readonly Declared[] = [
  [
    "visit:source",
    "source",
    "Source",
    "Site or campaign that brought the visitor; none when they came directly.",
  ],
  ["visit:channel", "channel", "Channel", "Kind of source: search, social, e-mail, referral and so on."],
  ["visit:referrer", "referrer", "Referrer", "Page that linked here."],
  ["visit:utm_source", "utm_source", "UTM source", "Campaign parameter utm_source of the first page."],
  ["visit:utm_medium", "utm_medium", "UTM medium", "Campaign parameter utm_medium of the first page."],
  [
    "visit:utm_campaign",
    "utm_campaign",
    "UTM campaign",
    "Campaign parameter utm_campaign of the first page.",
  ],
  ["visit:utm_term", "utm_term", "UTM term", "Campaign parameter utm_term of the first page."],
  ["visit:utm_content", "utm_content", "UTM content", "Campaign parameter utm_content of the first page."],
  ["visit:country", "country", "Country", "Country of the visitor's network, ISO 3166 code."],
  ["visit:region", "region", "Region", "Region of the visitor's network."],
  ["visit:city", "city", "City", "City of the visitor's network."],
  ["visit:browser", "browser", "Browser", "Browser that the user agent names."],
  ["visit:os", "os", "Operating system", "Operating system that the user agent names."],
  ["visit:device", "device", "Device", "Desktop, mobile, tablet, television or console."],
  ["visit:language", "language", "Language", "First language of the browser."],
  ["visit:screen", "screen", "Screen", "Width and height of the screen in CSS pixels."],
  ["visit:entry", "entry_path", "Entry page", "Path of the first page viewed in the session."],
  ["visit:exit", "exit_path", "Exit page", "Path of the last page viewed in the session."],
];

/** Of these most rows have none: a breakdown shows those that have one. */
const SPARSE = /^event:(path|hostname|title)$|^visit:(referrer|utm_.*|entry|exit)$/;
const nullsOf = (name: string) => (SPARSE.test(name) ? "omit" : "keep");

const own = ([name, column, label, description]: Declared): Dimension => ({
  name,
  label,
  description,
  origin: { kind: "column", column },
  nulls: nullsOf(name),
});

const related =
  (dataset: string, many: boolean) =>
  ([name, , label, description]: Declared): Dimension => ({
    name,
    label,
    description,
    origin: { kind: "related", dataset, dimension: name, many },
    nulls: nullsOf(name),
  });

export const eventDimensions: readonly Dimension[] = EVENT.map(own);
export const visitDimensions: readonly Dimension[] = VISIT.map(own);
/** The event's fields asked of sessions. */
export const relatedEventDimensions: readonly Dimension[] = EVENT.map(related("events", true));
/** The visit's fields asked of events. */
export const relatedVisitDimensions: readonly Dimension[] = VISIT.map(related("sessions", false));

const aboutProperty = (key: string) => ({
  name: `property:${key}`,
  label: key,
  description: `Property \`${key}\` of the event.`,
  nulls: "omit" as const,
});

/** `property:<key>` of an event. */
export const eventProperty = (key: string): Dimension => ({
  ...aboutProperty(key),
  origin: { kind: "property", column: "properties", key },
});

/** `property:<key>` asked of sessions. */
export const relatedEventProperty = (key: string): Dimension => ({
  ...aboutProperty(key),
  origin: { kind: "related", dataset: "events", dimension: `property:${key}`, many: true },
});
