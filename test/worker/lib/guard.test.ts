import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { guardStatement, isGuardFailure, runGuardedBatch } from "../../../worker/lib/guard";

const db = env.CONTROL;
const insert = (day: string) => db.prepare("INSERT INTO salts (day, salt) VALUES (?1, 'x')").bind(day);
const countOf = (day: string) =>
  db.prepare("SELECT count(*) FROM salts WHERE day = ?1").bind(day).first<number>("count(*)");

test("a batch whose guard passes is written", async () => {
  expect(await runGuardedBatch(db, [guardStatement(db, "?1 = ?2", 1, 1), insert("2001-01-01")])).toBe(true);
  expect(await countOf("2001-01-01")).toBe(1);
});

test("a batch whose guard fails writes nothing", async () => {
  expect(await runGuardedBatch(db, [guardStatement(db, "?1 = ?2", 1, 2), insert("2001-01-02")])).toBe(false);
  expect(await countOf("2001-01-02")).toBe(0);
});

test("a condition that is null fails", async () => {
  expect(await runGuardedBatch(db, [guardStatement(db, "?1", null)])).toBe(false);
});

test("other errors are thrown", async () => {
  const failing = runGuardedBatch(db, [
    guardStatement(db, "1"),
    db.prepare("INSERT INTO missing VALUES (1)"),
  ]);
  const error = await failing.catch((reason: unknown) => reason);
  expect(String(error)).toContain("no such table");
  expect(isGuardFailure(error)).toBe(false);
});
