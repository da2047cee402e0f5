import path from "node:path";
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";

/** The app's parts as the server runs them: pure functions, components rendered to HTML, and the built bytes. */
export default defineConfig({
  root: path.join(import.meta.dirname, ".."),
  plugins: [solid({ ssr: true })],
  test: {
    include: ["test/app/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 30_000,
  },
});
