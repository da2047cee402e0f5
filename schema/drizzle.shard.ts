import { defineConfig } from "drizzle-kit";
export default defineConfig({
  dialect: "sqlite",
  schema: "./schema/tables/shard.ts",
  out: "./schema/migrations/shard",
});
