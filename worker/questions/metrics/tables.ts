/**
 * Dataset `tables`: one row per row of a source with a user-defined mapping: an API, a file, deliveries.
 * @module
 */
import { byName, type Dataset, type Dimension } from "./dataset";
import { count, metric, own } from "./declare";
import { timeDimensions } from "./dimensions";

/** Rows without the field are a line of their own, so that a breakdown adds up to the total. */
const field = (key: string): Dimension => ({
  name: `property:${key}`,
  label: key,
  description: `Field \`${key}\` of the row, as the source's mapping names it.`,
  origin: { kind: "property", column: "properties", key },
  nulls: "keep",
});

/** Rows of all mapped tables; a filter on the table's name selects one. */
export const tables: Dataset = {
  name: "tables",
  label: "Own tables",
  description:
    "Rows of your own sources (APIs, files, deliveries) in their current state, counted at the time column of their mapping.",
  lake: { levels: ["tables"], sums: [], time: "instant" },
  time: "at",
  dimensions: byName([
    ...timeDimensions,
    own("table:name", "table", "Table", "Name of the table in the source's mapping."),
    own("table:source", "source_id", "Source", "Id of the table's source."),
  ]),
  property: field,
  measures: { rows: { aggregate: { kind: "count" } } },
  metrics: byName([metric("rows", "Rows", "Rows of the tables, without removed ones.", count("rows"))]),
};
