import { env } from "cloudflare:workers";
import { eq, not, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { expect, test } from "vitest";
import { salts, users } from "../../../schema/tables/control";
import { epochMs, hasRow, inJson, insertSelect, insertWhen } from "../../../worker/lib/sql";

const db = drizzle(env.CONTROL);
const MADE = new Date("2001-01-01T00:00:00.123Z");
const person = (id: string) => ({ id, name: id, email: id, createdAt: MADE, updatedAt: MADE });

test("a row is inserted only when the condition is true", async () => {
  const isAbsent = not(hasRow(users, eq(users.id, "u1")));
  const statement = () => insertWhen(db, users, person("u1"), isAbsent);
  const [first, second] = await db.batch([statement(), statement()]);
  expect([first.meta.changes, second.meta.changes]).toEqual([1, 0]);
});

test("a row is inserted for each row of the source", async () => {
  const row = { day: sql`value`, salt: "each" };
  await insertSelect(db, salts, row, sql`FROM json_each(${'["2002-01-01", "2002-01-02"]'})`);
  expect(await db.$count(salts, eq(salts.salt, "each"))).toBe(2);
});

test("values are stored as by drizzle's insert, defaults included", async () => {
  await insertWhen(db, users, person("u2"), sql`true`);
  await db.insert(users).values(person("u3"));
  const [made, plain] = (await env.CONTROL.prepare("SELECT * FROM users WHERE id IN ('u2', 'u3')").all())
    .results;
  expect({ ...made, id: "", name: "", email: "" }).toEqual({ ...plain, id: "", name: "", email: "" });
});

test("epochMs returns the stored number", async () => {
  await db.insert(users).values(person("u4"));
  const row = await db
    .select({ at: epochMs(users.createdAt) })
    .from(users)
    .where(eq(users.id, "u4"))
    .get();
  expect(row).toEqual({ at: MADE.getTime() });
});

test("more values than D1 binds parameters are found", async () => {
  const days = Array.from({ length: 150 }, (_, index) => `1999-${index}`);
  await db.insert(salts).values({ day: "1999-149", salt: "x" });
  expect(await db.select({ day: salts.day }).from(salts).where(inJson(salts.day, days))).toEqual([
    { day: "1999-149" },
  ]);
  expect(await db.select().from(salts).where(inJson(salts.day, []))).toEqual([]);
});
