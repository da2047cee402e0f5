declare namespace Cloudflare {
  interface Env {
    /** Only in tests: further shards. */
    SHARD_1: D1Database;
    SHARD_2: D1Database;
    /** Only in tests: the generated migrations. */
    MIGRATIONS: Record<"control" | "shard", import("@cloudflare/vitest-plugin").D1Migration[]>;
  }
}
