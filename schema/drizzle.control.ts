import { defineConfig } from "drizzle-kit";
export default defineConfig({
  dialect: "sqlite",
  schema: ["./schema/tables/control.ts", "./schema/tables/content.ts"],
  out: "./schema/migrations/control",
});
