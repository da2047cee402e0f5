import { env } from "cloudflare:workers";
import { eq, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { expect, test } from "vitest";
import { salts } from "../../../schema/tables/control";
import { guard, guardStatement, isGuardFailure, runGuardedBatch } from "../../../worker/lib/guard";

const db = drizzle(env.CONTROL);
const insert = (day: string) => db.insert(salts).values({ day, salt: "x" });
const countOf = (day: string) => db.$count(salts, eq(salts.day, day));
const passes: SQL = sql`${1} = ${1}`;
const fails: SQL = sql`${1} = ${2}`;

test("a batch whose guard passes is written", async () => {
  expect(await runGuardedBatch(db, [guard(db, passes), insert("2001-01-01")])).toBe(true);
  expect(await countOf("2001-01-01")).toBe(1);
});

test("a batch whose guard fails writes nothing", async () => {
  expect(await runGuardedBatch(db, [guard(db, fails), insert("2001-01-02")])).toBe(false);
  expect(await countOf("2001-01-02")).toBe(0);
});

test("a condition that is null fails", async () => {
  expect(await runGuardedBatch(db, [guard(db, sql`${null}`)])).toBe(false);
});

test("other errors are thrown", async () => {
  const missing = db.select({ one: sql`1` }).from(sql`missing`);
  const error = await runGuardedBatch(db, [guard(db, sql`1`), missing]).catch((reason: unknown) => reason);
  expect(String(error)).toContain("no such table");
  expect(isGuardFailure(error)).toBe(false);
});

test("a guard binds parameters in a batch of plain statements", async () => {
  const d1 = env.CONTROL;
  const write = d1.prepare("INSERT INTO salts (day, salt) VALUES (?1, 'x')").bind("2001-01-03");
  expect(await runGuardedBatch(d1, [guardStatement(d1, "?1 = ?2", 1, 2), write])).toBe(false);
  expect(await runGuardedBatch(d1, [guardStatement(d1, "?1 = ?2", 1, 1), write])).toBe(true);
  expect(await countOf("2001-01-03")).toBe(1);
});
