import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseRates, SAMPLE } from "../../demo/cli/rates.ts";
import { Rates } from "../../worker/sources/shapes/currency.ts";

describe("a file of reference rates", () => {
  it("is parsed in the ECB's format: newest first, N/A for missing rates, a comma at the end", () => {
    const csv = "Date,USD,JPY,CYP,\n2026-11-20,1.1575,N/A,N/A,\n2026-11-19,1.15,180.1,N/A,\n";
    expect(parseRates(csv)).toEqual([
      { day: "2026-11-20", currency: "USD", per_euro: 1.1575 },
      { day: "2026-11-19", currency: "USD", per_euro: 1.15 },
      { day: "2026-11-19", currency: "JPY", per_euro: 180.1 },
    ]);
    expect(() => parseRates("<html></html>")).toThrow("no rate");
  });

  it("is included as a sample with the currencies of the demo's accounts", () => {
    const rates = parseRates(readFileSync(SAMPLE, "utf8"));
    for (const currency of ["USD", "JPY", "GBP"]) {
      const days = rates.filter((rate) => rate.currency === currency).map(({ day }) => day);
      expect(days.at(-1)).toBe("2025-12-01");
      expect(days[0]).toBe("2026-12-31");
    }
  });
});

describe("converting", () => {
  const rates = new Rates([
    { currency: "USD", day: "2026-11-20", per_euro: 1.25 },
    { currency: "USD", day: "2026-11-19", per_euro: 1.2 },
    { currency: "JPY", day: "2026-11-19", per_euro: 180 },
  ]);
  it("uses the latest rate up to the day, and each currency's own decimals", () => {
    expect(rates.convert(12_500, "USD", "EUR", "2026-11-22")).toBe(100);
    expect(rates.convert(12_000, "USD", "EUR", "2026-11-19")).toBe(100);
    expect(rates.convert(18_000, "JPY", "EUR", "2026-11-22")).toBe(100);
    expect(rates.convert(18_000, "JPY", "USD", "2026-11-19")).toBe(120);
    expect(rates.convert(1_234, "KWD", "KWD", "2026-11-19")).toBe(1.234);
  });
  it("is null without a rate", () => {
    expect(rates.convert(1, "USD", "EUR", "2026-11-18")).toBeNull();
    expect(rates.convert(1, "GBP", "EUR", "2026-11-20")).toBeNull();
    expect(rates.convert(1, "points", "EUR", "2026-11-20")).toBeNull();
  });
});
