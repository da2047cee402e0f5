/**
 * Fields that the metric builder offers.
 * @module
 */
import type { Aggregation } from "../../../../schema/wire/metric";
import type { Catalog } from "../../../../worker/questions/metrics";
import { type Answer, dataOf } from "../../client/http";
import type { Field } from "../../client/metrics";

/** A field with sample values. */
export interface FieldEntry {
  name: string;
  label: string;
  /** Shown when there are no samples. */
  about: string;
  /** `number`: every value is one; `people`: visitors, users or sessions; `text`: anything else. */
  kind: "number" | "text" | "people";
  unit?: string;
  samples: string[];
}

/** Subjects that `unique` can count besides values. */
const PEOPLE: FieldEntry[] = [
  { name: "visitor", label: "Visitors", about: "Distinct visitors.", kind: "people", samples: [] },
  { name: "user", label: "Users", about: "Identified users.", kind: "people", samples: [] },
  { name: "session", label: "Sessions", about: "Distinct sessions.", kind: "people", samples: [] },
];

/** Returns the fields of the project's data and of the catalog; either may not have loaded yet. */
export function entriesOf(
  answer: Answer<{ data: Field[]; subjects: string[] }> | undefined,
  catalog: Catalog,
  dataset: string,
): FieldEntry[] {
  const found = dataOf(answer)?.data.map(entryOf) ?? [];
  const subjects = dataOf(answer)?.subjects ?? PEOPLE.map(({ name }) => name);
  const names = new Set(found.map(({ name }) => name));
  const declared = catalog.datasets.find(({ name }) => name === dataset)?.dimensions ?? [];
  const others = declared
    .filter(({ name, type }) => type !== "time" && !names.has(name))
    .map(
      ({ name, label, description }): FieldEntry => ({
        name,
        label,
        about: description,
        kind: "text",
        samples: [],
      }),
    );
  return [...found, ...others, ...PEOPLE.filter(({ name }) => subjects.includes(name))];
}

function entryOf({ name, label, description, type, unit, examples }: Field): FieldEntry {
  return {
    name,
    label,
    about: description,
    kind: type === "number" ? "number" : "text",
    unit,
    samples: examples,
  };
}

/** Maximum number of fields listed. */
const OFFERED = 40;

/** Returns the fields that an aggregation can use, numbers first for numeric aggregations. */
export function usableFields(fields: readonly FieldEntry[], aggregation: Aggregation): FieldEntry[] {
  if (aggregation === "unique") return [...fields].sort((a, b) => order(a, "people") - order(b, "people"));
  const usable = fields.filter(({ kind }) => kind !== "people");
  if (aggregation === "count") return usable;
  return usable.sort((a, b) => order(a, "number") - order(b, "number"));
}

const order = ({ kind }: FieldEntry, first: FieldEntry["kind"]) => (kind === first ? 0 : 1);

/** Returns the fields whose name or label contains the text. */
export function fittingFields(fields: readonly FieldEntry[], text: string): FieldEntry[] {
  const needle = text.trim().toLowerCase();
  return fields
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(needle))
    .slice(0, OFFERED);
}
