/**
 * D1 and R2 that count what would be billed.
 * @module
 */

/** Operations since the last look. */
export interface Operations {
  d1_rows_read: number;
  d1_rows_written: number;
  d1_queries: number;
  /** R2 Class A. */
  r2_puts: number;
  /** R2 Class B. */
  r2_gets: number;
  r2_bytes_put: number;
}

export const noOperations = (): Operations => ({
  d1_rows_read: 0,
  d1_rows_written: 0,
  d1_queries: 0,
  r2_puts: 0,
  r2_gets: 0,
  r2_bytes_put: 0,
});

/** Wraps a database: `meta` of every answer says what it cost. */
export function countedDatabase(inner: D1Database, counts: Operations): D1Database {
  const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const add = <R extends D1Result>(result: R): R => {
    counts.d1_queries++;
    counts.d1_rows_read += result.meta.rows_read;
    counts.d1_rows_written += result.meta.rows_written;
    return result;
  };
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped: Partial<D1PreparedStatement> = {
      bind: (...values) => wrap(statement.bind(...values)),
      run: async <T>() => add(await statement.run<T>()),
      all: async <T>() => add(await statement.all<T>()),
      first: (async <T>(column?: string) => {
        const [row] = add(await statement.all<Record<string, T>>()).results;
        return row === undefined ? null : column === undefined ? row : row[column];
      }) as D1PreparedStatement["first"],
    };
    originals.set(wrapped as D1PreparedStatement, statement);
    return wrapped as D1PreparedStatement;
  };
  const counted: Partial<D1Database> = {
    prepare: (sql) => wrap(inner.prepare(sql)),
    batch: async <T>(statements: D1PreparedStatement[]) =>
      (await inner.batch<T>(statements.map((one) => originals.get(one) ?? one))).map(add),
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
