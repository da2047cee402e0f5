/**
 * Builds the mart of declared tables from the current records of generic sources.
 * @module
 */
import type { TableRow } from "../../../schema/wire/mart";
import { recordsOf } from "../records";
import { tableRow } from "./marts/tables";
import type { DriverModels } from "./partition";

/** The only stream of a generic source. */
const STREAM = "records";

/** Converts mapped records to rows of the table that the mapping names. */
export const tableModels: DriverModels = {
  datasets: ["tables"],
  streams: [STREAM],
  monthly: false,
  async build({ db, project, source: { id: source, mapping } }) {
    const tables: TableRow[] = [];
    if (!mapping) return { tables };
    for await (const page of recordsOf(db, { project, source, stream: STREAM }))
      for (const record of page)
        if (record.removed_at === null) tables.push(tableRow(record, { project, source, mapping }));
    return { tables };
  },
};
