/**
 * The records of sources that people describe themselves, as they stand, to the mart of their tables.
 * @module
 */
import type { TableRow } from "../../../schema/wire/mart";
import { recordsOf } from "../records";
import { tableRow } from "./marts/tables";
import type { DriverModels } from "./partition";

/** The one stream of such a source. */
const STREAM = "records";

/** How mapped records become rows of the table that their mapping names. */
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
