import { defineConfig } from "drizzle-kit";
export default defineConfig({
  dialect: "sqlite",
  schema: [
    "./schema/tables/control.ts",
    "./schema/tables/content.ts",
    "./schema/tables/sources.ts",
    "./schema/tables/notify.ts",
  ],
  out: "./schema/migrations/control",
});
