/**
 * All datasets, and look-ups of their names.
 * @module
 */

import { nearest } from "../../../schema/wire/nearest";
import { ads } from "./ads";
import { contacts } from "./contacts";
import type { Dataset, Dimension, Metric } from "./dataset";
import { deals } from "./deals";
import { events } from "./events";
import { sessions } from "./sessions";
import { subscriptions } from "./subscriptions";
import { tables } from "./tables";

/** All datasets. A new one is one more line. */
export const DATASETS: Readonly<Record<string, Dataset>> = {
  events,
  sessions,
  ads,
  deals,
  subscriptions,
  contacts,
  tables,
};

/** An unknown name and the most similar known one. */
export interface UnknownName {
  unknown: "dataset" | "metric" | "dimension";
  name: string;
  nearest: string | undefined;
}

const PROPERTY = "property:";

/** True when a look-up failed. */
export function isUnknown<T extends object>(found: T | UnknownName): found is UnknownName {
  return "unknown" in found;
}

export function findDataset(name: string): Dataset | UnknownName {
  return own(DATASETS, name) ?? { unknown: "dataset", name, nearest: nearest(name, Object.keys(DATASETS)) };
}

export function findMetric(dataset: Dataset, name: string): Metric | UnknownName {
  return (
    own(dataset.metrics, name) ?? {
      unknown: "metric",
      name,
      nearest: nearest(name, Object.keys(dataset.metrics)),
    }
  );
}

/** A declared dimension, or `property:<key>` where the dataset has properties. */
export function findDimension(dataset: Dataset, name: string): Dimension | UnknownName {
  if (dataset.property && name.startsWith(PROPERTY) && name.length > PROPERTY.length) {
    return dataset.property(name.slice(PROPERTY.length));
  }
  const known = Object.keys(dataset.dimensions);
  return own(dataset.dimensions, name) ?? { unknown: "dimension", name, nearest: nearest(name, known) };
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
