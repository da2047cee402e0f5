/** The limits that the harness enforces in every test of this suite. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { D1_LIMITS, QUEUE_LIMITS } from "../../../worker/lib/platform-limits";
import { largestRows } from "../../support/limits";

const db = env.SHARD_0;

describe("D1", () => {
  it("refuses a parameter above 2 MB, counted in bytes", () => {
    expect(() => db.prepare("SELECT ?1").bind("x".repeat(D1_LIMITS.valueBytes))).not.toThrow();
    expect(() => db.prepare("SELECT ?1").bind("é".repeat(D1_LIMITS.valueBytes / 2 + 1))).toThrow(
      /SQLITE_TOOBIG/,
    );
  });

  it("refuses more than 100 parameters and statements above 100 KB", () => {
    expect(() => db.prepare("SELECT 1").bind(...Array(101).fill(1))).toThrow(/too many SQL variables/);
    expect(() => db.prepare(`SELECT '${"x".repeat(D1_LIMITS.statementBytes)}'`)).toThrow(/SQLITE_TOOBIG/);
  });

  it("refuses a pattern above 50 bytes", () => {
    expect(() => db.prepare("SELECT 1 WHERE 'a' LIKE ?1").bind(`%${"x".repeat(50)}%`)).toThrow(
      /pattern too complex/,
    );
  });

  it("refuses a result above 50 MB", async () => {
    const rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)";
    await expect(db.prepare(`${rows} SELECT hex(zeroblob(450000)) AS text FROM n`).all()).rejects.toThrow(
      /result too large/,
    );
  });

  it("measures the largest row of each table", async () => {
    await db
      .prepare("INSERT INTO dead_letters (id, reason, body, attempts, failed_at) VALUES ('a', '', ?1, 1, 1)")
      .bind("x".repeat(5000))
      .run();
    expect((await largestRows(db)).get("dead_letters")).toBeGreaterThan(5000);
  });
});

describe("Queues", () => {
  it("refuse a message above 128 KB and a batch above 256 KB", () => {
    const large = "x".repeat(QUEUE_LIMITS.messageBytes);
    expect(() => env.EVENTS.send(large as never)).toThrow(/Payload Too Large/);
    const half = { body: "x".repeat(QUEUE_LIMITS.messageBytes - 10) as never };
    expect(() => env.EVENTS.sendBatch([half, half, half])).toThrow(/Payload Too Large/);
  });
});
