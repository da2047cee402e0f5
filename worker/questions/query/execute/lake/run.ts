/**
 * Runs the scans of a batch, except those whose tables are cached, and adds their tables to the executions.
 * @module
 */
import { OTHER } from "../../../../pipeline/rollup";
import { AggregateTable } from "../../table/aggregate-table";
import { cachedLakeTable, cacheLakeTable, lakeTableKey } from "../cache/lake-tables";
import type { BatchState, Execution } from "../execution";
import type { Snapshot } from "../snapshot-store";
import { scanLake } from "./scan";

/** Runs the scans of executions over one snapshot. */
export async function runScans(
  { stores, context, memory }: BatchState,
  snapshot: Snapshot,
  executions: readonly Execution[],
): Promise<void> {
  const scans = executions.flatMap((execution) =>
    execution.scans.map((scan) => {
      const key = lakeTableKey(context.project, scan, snapshot);
      return { execution, scan, key, table: key === null ? undefined : cachedLakeTable(key) };
    }),
  );
  const missing = scans.filter(({ table }) => !table);
  const plans = missing.map(({ scan }) => scan);
  const { tables, cost } = await scanLake({ ...stores, project: context.project }, snapshot, plans, memory);
  for (const [i, found] of missing.entries()) {
    found.table = tables[i]!;
    if (found.key !== null) cacheLakeTable(found.key, found.table);
  }
  for (const execution of new Set(missing.map((found) => found.execution))) {
    execution.rowsRead += cost.rows;
    execution.bytesRead += cost.bytes;
  }
  const newTables = new Set(tables);
  for (const { execution, scan, table } of scans) {
    execution.usesLake = true;
    if (scan.isOfOther) execution.table?.subtractFrom(OTHER, table!);
    const { subquery } = execution.plan;
    // A new table of the whole subquery is not used elsewhere and need not be copied.
    const isWhole = execution.table === null && table!.subquery.measures.length === subquery.measures.length;
    if (isWhole && newTables.has(table!)) execution.table = table!;
    else {
      execution.table ??= new AggregateTable(subquery, table!.precision, memory);
      execution.table.merge(table!);
    }
  }
}
