/**
 * D1 and R2 that count billed operations.
 * @module
 */

/** Operations since the last reading. */
export interface Operations {
  d1_rows_read: number;
  d1_rows_written: number;
  d1_queries: number;
  /** R2 Class A. */
  r2_puts: number;
  /** R2 Class B. */
  r2_gets: number;
  r2_bytes_put: number;
  /** Rows written by table. */
  written: Record<string, number>;
}

export const noOperations = (): Operations => ({
  d1_rows_read: 0,
  d1_rows_written: 0,
  d1_queries: 0,
  r2_puts: 0,
  r2_gets: 0,
  r2_bytes_put: 0,
  written: {},
});

/** Wraps a database: `meta` of every result contains its cost. */
export function countedDatabase(inner: D1Database, counts: Operations): D1Database {
  const originals = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; table: string }>();
  const add = <R extends D1Result>(result: R, table: string): R => {
    if (result.meta.rows_written)
      counts.written[table] = (counts.written[table] ?? 0) + result.meta.rows_written;
    counts.d1_queries++;
    counts.d1_rows_read += result.meta.rows_read;
    counts.d1_rows_written += result.meta.rows_written;
    return result;
  };
  const wrap = (statement: D1PreparedStatement, table: string): D1PreparedStatement => {
    const wrapped: Partial<D1PreparedStatement> = {
      bind: (...values) => wrap(statement.bind(...values), table),
      run: async <T>() => add(await statement.run<T>(), table),
      all: async <T>() => add(await statement.all<T>(), table),
      first: (async <T>(column?: string) => {
        const [row] = add(await statement.all<Record<string, T>>(), table).results;
        return row === undefined ? null : column === undefined ? row : row[column];
      }) as D1PreparedStatement["first"],
    };
    originals.set(wrapped as D1PreparedStatement, { statement, table });
    return wrapped as D1PreparedStatement;
  };
  const counted: Partial<D1Database> = {
    prepare: (sql) => wrap(inner.prepare(sql), tableOf(sql)),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const known = statements.map((one) => originals.get(one) ?? { statement: one, table: "" });
      const results = await inner.batch<T>(known.map(({ statement }) => statement));
      return results.map((result, index) => add(result, known[index]?.table ?? ""));
    },
  };
  return counted as D1Database;
}

/** Wraps a bucket. */
export function countedBucket(inner: R2Bucket, counts: Operations): R2Bucket {
  const counted = {
    get: (...args: Parameters<R2Bucket["get"]>) => {
      counts.r2_gets++;
      return inner.get(...args);
    },
    head: (key: string) => {
      counts.r2_gets++;
      return inner.head(key);
    },
    put: (key: string, value: Uint8Array, options?: R2PutOptions) => {
      counts.r2_puts++;
      counts.r2_bytes_put += value.byteLength;
      return inner.put(key, value, options);
    },
    delete: (keys: string | string[]) => inner.delete(keys),
  };
  return counted as unknown as R2Bucket;
}

/** The table that a statement writes to; the tables of applied keys count as one. */
function tableOf(sql: string): string {
  const table = sql.match(/^\s*(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM)\s+(\w+)/)?.[1] ?? "";
  return table.replace(/^applied_keys_\d+$/, "applied");
}
