/**
 * Counts the queries of an invocation, so that work which may need more of them than D1 permits
 * (`D1_LIMITS.queriesPerInvocation`) ends before and continues in the next invocation.
 * @module
 */

export class QueryCount {
  #prepared = 0;

  /** Statements that were prepared: each is a query, also in a batch. */
  get prepared(): number {
    return this.#prepared;
  }

  /** The database; statements that are prepared with it are counted. */
  of(db: D1Database): D1Database {
    return new Proxy(db, {
      get: (target, name) => {
        if (name === "prepare") return this.#prepareOn(target);
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }

  #prepareOn(db: D1Database) {
    return (sql: string): D1PreparedStatement => {
      this.#prepared++;
      return db.prepare(sql);
    };
  }
}
