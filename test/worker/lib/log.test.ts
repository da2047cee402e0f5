import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { afterEach, expect, test, vi } from "vitest";
import { logError, logWarning } from "../../../worker/lib/log";

afterEach(() => vi.restoreAllMocks());

/** The one line that `work` logs, parsed. */
function logged(level: "error" | "warn", work: () => void): Record<string, unknown> {
  const spy = vi.spyOn(console, level).mockImplementation(() => {});
  work();
  expect(spy).toHaveBeenCalledOnce();
  return JSON.parse(String(spy.mock.calls[0]?.[0]));
}

test("an error is one line of JSON with its stack, causes and context", () => {
  const error = new Error("outer", { cause: new Error("inner", { cause: "socket closed" }) });
  const line = logged("error", () => logError("fold failed", error, { project: "p1" }));
  expect(line).toMatchObject({ level: "error", message: "fold failed", project: "p1" });
  expect(line.error).toContain("log.test.ts");
  expect(line.cause).toEqual([expect.stringContaining("Error: inner"), "socket closed"]);
});

test("anything that is thrown can be logged", () => {
  expect(logged("error", () => logError("failed", "text"))).toEqual({
    level: "error",
    message: "failed",
    error: "text",
  });
});

test("parameters of a failed query are left out", async () => {
  const lookup = drizzle(env.CONTROL)
    .select({ one: sql`1` })
    .from(sql`missing`)
    .where(sql`token = ${"hush"}`);
  const error = await lookup.then(null, (reason: unknown) => reason);
  expect(String(error)).toContain("hush");
  const line = logged("error", () => logError("failed", error));
  expect(line.error).toContain("missing where token = ?");
  expect(line.cause).toEqual(expect.arrayContaining([expect.stringContaining("no such table")]));
  expect(JSON.stringify(line)).not.toContain("hush");
});

test("a circular chain of causes ends", () => {
  const error = new Error("again");
  error.cause = error;
  expect(logged("error", () => logError("failed", error)).cause).toHaveLength(5);
});

test("a warning has a message and its context", () => {
  expect(logged("warn", () => logWarning("slow", { ms: 5 }))).toEqual({
    level: "warn",
    message: "slow",
    ms: 5,
  });
});
