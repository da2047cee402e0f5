/**
 * Whole rows of a segment, for folding and deriving.
 * @module
 */
import type { ColumnData } from "./column-data.ts";
import { type Cell, type ColumnSpec, DATASETS, type Dataset, type RowOf } from "./columns.ts";
import type { ReadRequest } from "./plan.ts";
import { type ColumnBatch, readColumns } from "./read.ts";
import type { SegmentInfo } from "./segment.ts";

/** Rows of one project, or of all, within a time range. Columns that are not in `columns` (absent: all) are null. */
export type RowRequest<D extends Dataset> = Omit<ReadRequest, "columns"> & {
  dataset: D;
  columns?: readonly (keyof RowOf<D> & string)[];
};

/** Reads rows in the order of the file. @throws SegmentGoneError when the object is gone */
export async function readRows<D extends Dataset>(
  lake: R2Bucket,
  segment: SegmentInfo,
  request: RowRequest<D>,
): Promise<RowOf<D>[]> {
  const { dataset, columns = Object.keys(DATASETS[dataset].columns), ...range } = request;
  const rows: RowOf<D>[] = [];
  for await (const batch of readColumns(lake, segment, { columns, ...range })) {
    for (const row of rowsOf(dataset, batch)) rows.push(row);
  }
  return rows;
}

/** Turns a batch into rows. */
export function rowsOf<D extends Dataset>(dataset: D, batch: ColumnBatch): RowOf<D>[] {
  const specs = DATASETS[dataset].columns;
  const empty: Record<string, Cell> = Object.fromEntries(Object.keys(specs).map((name) => [name, null]));
  const rows = Array.from({ length: batch.length }, () => ({ ...empty }));
  for (const [name, spec] of Object.entries(specs)) {
    const data = batch.columns[name];
    if (data) fill(rows, name, spec, data);
  }
  // The columns are `satisfies Record<keyof Row, …>` and contain the encoder's input: these are the dataset's rows, as far as
  // they were requested.
  return rows as RowOf<D>[];
}

function fill(rows: Record<string, Cell>[], name: string, spec: ColumnSpec, data: ColumnData): void {
  if (data.kind === "dictionary") {
    const { dictionary, codes } = data;
    for (let i = 0; i < rows.length; i++) rows[i]![name] = dictionary[codes[i]!] ?? null;
  } else if (data.kind === "text") {
    for (let i = 0; i < rows.length; i++) rows[i]![name] = data.values[i] ?? null;
  } else if (spec.type === "boolean") {
    for (let i = 0; i < rows.length; i++) rows[i]![name] = data.values[i] === 1;
  } else {
    for (let i = 0; i < rows.length; i++) {
      const value = data.values[i]!;
      rows[i]![name] = Number.isNaN(value) ? null : value;
    }
  }
}

/** One value of a column, as in rows. */
export function cellOf(data: ColumnData, spec: ColumnSpec, row: number): Cell {
  if (data.kind === "dictionary") return data.dictionary[data.codes[row]!] ?? null;
  if (data.kind === "text") return data.values[row] ?? null;
  const value = data.values[row]!;
  if (spec.type === "boolean") return value === 1;
  return Number.isNaN(value) ? null : value;
}
