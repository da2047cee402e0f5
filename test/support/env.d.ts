declare namespace Cloudflare {
  interface Env {
    /** Only in tests: the generated migrations. */
    MIGRATIONS: Record<"control" | "shard", import("@cloudflare/vitest-plugin").D1Migration[]>;
  }
}
