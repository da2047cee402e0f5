/**
 * Dimensions that several datasets share: time, the event's own fields, the visit's.
 * @module
 */
import { type DeclaredDimension, EVENT_DIMENSIONS, VISIT_DIMENSIONS } from "../../../schema/wire/columns";
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

/** Campaign parameters under the same names as for visits, so that a dataset breaks down beside web events. */
export const utmDimensions = (whose: string): readonly Dimension[] =>
  (["utm_source", "utm_medium", "utm_campaign"] as const).map((column) => ({
    name: `visit:${column}`,
    label: `UTM ${column.slice("utm_".length)}`,
    description: `Campaign parameter ${column} ${whose}.`,
    origin: { kind: "column", column },
    nulls: "omit",
  }));

const own = ({ name, column, label, description, nulls }: DeclaredDimension): Dimension => ({
  name,
  label,
  description,
  origin: { kind: "column", column },
  nulls,
});

const related =
  (dataset: string, many: boolean) =>
  ({ name, label, description, nulls }: DeclaredDimension): Dimension => ({
    name,
    label,
    description,
    origin: { kind: "related", dataset, dimension: name, many },
    nulls,
  });

export const eventDimensions: readonly Dimension[] = EVENT_DIMENSIONS.map(own);
export const visitDimensions: readonly Dimension[] = VISIT_DIMENSIONS.map(own);
/** Dimensions of events for queries of sessions. */
export const relatedEventDimensions: readonly Dimension[] = EVENT_DIMENSIONS.map(related("events", true));
/** Dimensions of visits for queries of events. */
export const relatedVisitDimensions: readonly Dimension[] = VISIT_DIMENSIONS.map(related("sessions", false));

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

/** `property:<key>` of events, for queries of sessions. */
export const relatedEventProperty = (key: string): Dimension => ({
  ...aboutProperty(key),
  origin: { kind: "related", dataset: "events", dimension: `property:${key}`, many: true },
});
