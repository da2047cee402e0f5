import { describe, expect, it } from "vitest";
import { linePath, nearest, thinned } from "../../app/src/charts/geometry";
import { backoff } from "../../app/src/client/socket";
import { cookieValue } from "../../app/src/primitives/cookie";
import { addMonths, firstWeekday, monthGrid } from "../../app/src/ui/clock";
import { change, compact, duration, figures, precise } from "../../app/src/ui/format";
import { localeOf } from "../../app/src/ui/locale";
import { safeNext } from "../../app/src/views/accounts/login";

const text = (parts: { value: string; unit: string }[]) =>
  parts.map((part) => part.value + part.unit).join(" ");

describe("numbers", () => {
  it("are exact when short, else compact, in the user's locale", () => {
    expect(text(compact(9_999, "en"))).toBe("9,999");
    expect(text(compact(12_449, "en"))).toBe("12.4k");
    expect(text(compact(12_449, "de"))).toBe("12.449");
    expect(text(compact(2_300_000, "de"))).toMatch(/^2,3.?Mio/);
  });

  it("return the unit apart, wherever the locale puts the sign", () => {
    expect(figures(0.482, "ratio", "en")).toEqual([{ value: "48.2", unit: "%" }]);
    expect(text(figures(0.482, "ratio", "fr")).replace(/\s/g, "")).toBe("48,2%");
    expect(precise(134_000, "ms", "en")).toBe("2m 14s");
    expect(text(duration(7_500_000))).toBe("2h 5m");
  });

  it("format changes with a sign, and large ones as a factor", () => {
    expect(change(0.12, "en")).toBe("+12%");
    expect(change(-0.034, "en")).toBe("−3.4%");
    expect(change(13, "en")).toBe("×14");
  });
});

describe("the calendar", () => {
  it("shows six weeks from the locale's first weekday", () => {
    const grid = monthGrid("2026-11-20", firstWeekday("de"));
    expect(grid).toHaveLength(42);
    expect(grid[0]).toBe("2026-10-26");
    expect(monthGrid("2026-11-20", 7)[0]).toBe("2026-11-01");
  });

  it("stays in the target month", () => {
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(addMonths("2024-03-31", -1)).toBe("2024-02-29");
  });
});

describe("charts", () => {
  it("leave gaps for missing values and find the nearest bucket", () => {
    expect(linePath([0, 5, null, 10], 10, 30, 10)).toBe("M0 10L10 5M30 0");
    expect(nearest([0, 10, 20], 14)).toBe(1);
  });

  it("reduce the number of points", () => {
    expect(thinned([1, 3, null, null, 5], 3)).toEqual([2, null, 5]);
    expect(thinned([1, 2], 3)).toEqual([1, 2]);
  });
});

describe("untrusted input", () => {
  it("a locale that Intl supports, else English", () => {
    expect(localeOf("xx-invalid-tag-, de-AT;q=0.9")).toBe("de-AT");
    expect(localeOf("*")).toBe("en");
    expect(localeOf(null)).toBe("en");
  });

  it("cannot redirect to another site after signing in", () => {
    expect(safeNext("/projects/p1?range=30d")).toBe("/projects/p1?range=30d");
    for (const evil of ["https://evil.example", "//evil.example", "/\\evil.example", undefined]) {
      expect(safeNext(evil)).toBe("/projects");
    }
  });

  it("the cookie with the exact name", () => {
    expect(cookieValue("a=1; theme=dark; mytheme=light", "theme")).toBe("dark");
    expect(cookieValue("", "theme")).toBeUndefined();
  });
});

describe("backoff", () => {
  it("doubles up to half a minute, half of it random", () => {
    expect([0, 1, 2].map((attempt) => backoff(attempt, 1))).toEqual([500, 1_000, 2_000]);
    expect(backoff(30, 0)).toBe(15_000);
    expect(backoff(30, 1)).toBe(30_000);
  });
});
