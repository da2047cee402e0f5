/** The byte budgets, on the last build. */
import { describe, expect, it } from "vitest";
import { weigh } from "../bench/bytes.ts";

describe("bytes", () => {
  it.each(weigh())(
    "$what: $gzip bytes gzip, $brotli brotli (budget $budget gzip)",
    ({ what, gzip, brotli, budget }) => {
      console.log(`${what}: ${gzip} bytes gzip, ${brotli} brotli (budget ${budget} gzip)`);
      expect(gzip).toBeLessThanOrEqual(budget);
    },
  );
});
