/** A database that counts the rows read by its statements. */
export function countRows(db: D1Database): { db: D1Database; rows: () => number } {
  let rows = 0;
  const counted = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, key) {
        if (key === "bind") return (...values: unknown[]) => counted(target.bind(...values));
        if (key !== "raw") return Reflect.get(target, key);
        return async () => {
          // Results of `raw` do not have the count.
          rows += (await target.all()).meta.rows_read;
          return target.raw();
        };
      },
    });
  const proxy = new Proxy(db, {
    get: (target, key) =>
      key === "prepare" ? (sql: string) => counted(target.prepare(sql)) : Reflect.get(target, key),
  });
  return { db: proxy, rows: () => rows };
}
