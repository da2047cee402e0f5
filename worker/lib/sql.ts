/**
 * Parts of statements that drizzle does not have.
 * @module
 */
import { type Column, getTableColumns, is, SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { SQLiteInsertValue, SQLiteTable } from "drizzle-orm/sqlite-core";

/** The condition that the column has one of the values, which are one bound parameter: D1 allows a hundred of them. */
export const inJson = (column: Column, values: readonly (string | number)[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;

/** The condition that the table has a row that meets the condition. */
export const hasRow = (table: SQLiteTable, condition: SQL | undefined): SQL =>
  sql`EXISTS (SELECT 1 FROM ${table} WHERE ${condition})`;

/** The epoch ms of a column that drizzle reads as a `Date`. */
export const epochMs = (column: Column): SQL<number> => sql<number>`${column}`;

/** The statement that inserts a row for each that `source` yields: `FROM …`, `WHERE …`, or both, to which `row` can refer. */
export function insertSelect<T extends SQLiteTable>(
  db: DrizzleD1Database,
  table: T,
  row: SQLiteInsertValue<T>,
  source: SQL,
) {
  const values = Object.entries(getTableColumns(table)).map(([key, column]) => {
    const given = (row as Record<string, unknown>)[key];
    const value = given === undefined ? (column.default ?? null) : given;
    return is(value, SQL) ? value : sql.param(value, column);
  });
  return db.insert(table).select(sql`SELECT ${sql.join(values, sql`, `)} ${source}`);
}

/** The statement that inserts a row when the condition is true. In a batch it sees what the statements before it wrote. */
export const insertWhen = <T extends SQLiteTable>(
  db: DrizzleD1Database,
  table: T,
  row: SQLiteInsertValue<T>,
  condition: SQL,
) => insertSelect(db, table, row, sql`WHERE ${condition}`);
