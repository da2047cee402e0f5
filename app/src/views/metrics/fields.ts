/**
 * Fields that a metric can be taken over, as the builder offers them.
 * @module
 */
import type { Aggregation } from "../../../../schema/wire/metric";
import type { Catalogue } from "../../../../worker/questions/metrics";
import { type Answer, dataOf } from "../../client/http";
import type { Field } from "../../client/metrics";

/** One field, with values of the reader's own data. */
export interface FieldEntry {
  name: string;
  label: string;
  /** A sentence, for when there are no values. */
  about: string;
  /** `number`: every value is one; `people`: visitors, users or sessions; `text`: anything else. */
  kind: "number" | "text" | "people";
  unit?: string;
  samples: string[];
}

/** Whom `unique` can count besides values: as the dataset's own metrics do. */
const PEOPLE: FieldEntry[] = [
  { name: "visitor", label: "Visitors", about: "Different visitors.", kind: "people", samples: [] },
  { name: "user", label: "Users", about: "People whom identify has named.", kind: "people", samples: [] },
  { name: "session", label: "Sessions", about: "Different sessions.", kind: "people", samples: [] },
];

/** What the project's data has, besides what the catalogue declares; either may still be on its way. */
export function entriesOf(
  answer: Answer<{ data: Field[]; subjects: string[] }> | undefined,
  catalogue: Catalogue,
  dataset: string,
): FieldEntry[] {
  const found = dataOf(answer)?.data.map(entryOf) ?? [];
  const subjects = dataOf(answer)?.subjects ?? PEOPLE.map(({ name }) => name);
  const names = new Set(found.map(({ name }) => name));
  const declared = catalogue.datasets.find(({ name }) => name === dataset)?.dimensions ?? [];
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

/** Fields offered at once. */
const OFFERED = 40;

/** Those that an aggregation can use, the numbers first where it calculates. */
export function usableFields(fields: readonly FieldEntry[], aggregation: Aggregation): FieldEntry[] {
  if (aggregation === "unique") return [...fields].sort((a, b) => order(a, "people") - order(b, "people"));
  const asked = fields.filter(({ kind }) => kind !== "people");
  if (aggregation === "count") return asked;
  return asked.sort((a, b) => order(a, "number") - order(b, "number"));
}

const order = ({ kind }: FieldEntry, first: FieldEntry["kind"]) => (kind === first ? 0 : 1);

/** Fields whose name or label has the text in it. */
export function fittingFields(fields: readonly FieldEntry[], text: string): FieldEntry[] {
  const needle = text.trim().toLowerCase();
  return fields
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(needle))
    .slice(0, OFFERED);
}
