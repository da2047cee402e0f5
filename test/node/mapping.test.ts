/** Tables, types and proposals of generic sources. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mappingSchema } from "../../schema/wire/mapping.ts";
import { parseCsv } from "../../worker/sources/drivers/csv/parse.ts";
import { mapRecord, typed, valueAt } from "../../worker/sources/drivers/generic/map-record.ts";
import { propose } from "../../worker/sources/drivers/generic/propose-mapping.ts";

describe("CSV", () => {
  it("parses tables of any program", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "1", " ", ",", ";", "\t", '"', "\n", "\r\n", "é") });
    const table = fc.tuple(
      fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
    );
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(table, ([cells, delimiter, end, isMarked]) => {
        const rows = cells.filter((row) => row.some((text) => text !== ""));
        const lines = [["a", "b", "c"], ...rows].map((row) => row.map(quoted).join(delimiter));
        const read = parseCsv(`${isMarked ? "\uFEFF" : ""}${lines.join(end)}${end}`);
        expect(read).toEqual(rows.map(([a, b, c]) => ({ a, b, c })));
      }),
    );
  });

  it.each([
    ["", { line: 1 }],
    ["a,a\n1,2", { line: 1 }],
    ["a,b\n1,2\n1,2,3", { line: 3 }],
    ['a,b\n"1,2\n', { line: 2 }],
    ['a,b\n"1"x,2\n', { line: 2 }],
  ])("reports where %j is wrong", (text, problem) => {
    expect(parseCsv(text)).toMatchObject(problem);
  });

  it("fills short lines and skips empty ones", () => {
    expect(parseCsv("a;b\n\n1\n;2\n")).toEqual([
      { a: "1", b: "" },
      { a: "", b: "2" },
    ]);
  });
});

describe("values", () => {
  it.each([
    ["12.50", "number", 12.5],
    ["1,234.5", "money", 1234.5],
    ["12 €", "money", undefined],
    ["0x10", "number", undefined],
    ["yes", "boolean", true],
    [0, "boolean", false],
    ["maybe", "boolean", undefined],
    ["2026-11-21", "time", Date.UTC(2026, 10, 21)],
    ["2026-11-21 03:00", "time", Date.UTC(2026, 10, 21, 3)],
    ["2026-11-21T03:00:00+02:00", "time", Date.UTC(2026, 10, 21, 1)],
    [1_795_230_000, "time", 1_795_230_000_000],
    ["1795230000000", "time", 1_795_230_000_000],
    ["21/11/2026", "time", undefined],
    ["", "number", null],
    [{ a: 1 }, "text", '{"a":1}'],
  ] as const)("%j as %s is %j", (value, type, expected) => {
    expect(typed(value, type)).toBe(expected);
  });

  it("are found by paths, never on prototypes", () => {
    const record = { items: [{ sku: "a" }], "plain.name": 1, customer: { email: "x" } };
    expect(valueAt(record, "items[0].sku")).toBe("a");
    expect(valueAt(record, "plain.name")).toBe(1);
    expect(valueAt(record, "customer.phone.home")).toBeUndefined();
    expect(valueAt(record, "constructor.name")).toBeUndefined();
  });
});

describe("a proposal", () => {
  const rows = [
    {
      orderId: "0012",
      total: "12.50",
      currency: "usd",
      createdAt: "2026-11-01",
      paid: "true",
      user: { name: "A" },
    },
    {
      orderId: "0013",
      total: "3",
      currency: "usd",
      createdAt: "2026-11-02",
      paid: "false",
      user: { name: "A" },
    },
  ];
  it("infers names, types, keys and times", () => {
    const mapping = propose(rows, "My orders");
    expect(mapping).toMatchObject({
      dataset: "my_orders",
      primary_key: ["order_id"],
      time_field: "created_at",
    });
    expect(mapping?.fields.map(({ name, from, type, currency }) => [name, from, type, currency])).toEqual([
      ["order_id", "orderId", "text", null],
      ["total", "total", "money", "USD"],
      ["currency", "currency", "text", null],
      ["created_at", "createdAt", "time", null],
      ["paid", "paid", "boolean", null],
      ["user_name", "user.name", "text", null],
    ]);
  });

  it("is a mapping that accepts its rows", () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const row = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), value, { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (own) => {
        const mapping = propose(own, "x");
        expect(mappingSchema.safeParse(mapping).error).toBeUndefined();
        if (!mapping) return;
        for (const [i, each] of own.entries()) {
          const found = mapRecord(each, mapping, i + 1);
          // Rows without the key are the only ones that can be refused.
          if (Array.isArray(found)) expect(found.map(({ field }) => field)).toEqual(mapping.primary_key);
        }
      }),
    );
  });
});

describe("a mapping", () => {
  const fields = [
    { name: "id", from: "id", type: "text" },
    { name: "at", from: "at", type: "time" },
  ];
  it.each([
    [{ dataset: "Orders", primary_key: ["id"], fields }, "dataset"],
    [{ dataset: "orders", primary_key: ["other"], fields }, "primary_key"],
    [{ dataset: "orders", primary_key: ["id"], time_field: "id", fields }, "time_field"],
    [{ dataset: "orders", primary_key: ["id"], fields: [...fields, ...fields] }, "fields"],
    [
      {
        dataset: "orders",
        primary_key: ["id"],
        fields: [...fields, { name: "x", from: "x", type: "money" }],
      },
      "fields",
    ],
  ])("is refused with the position of the error", (mapping, path) => {
    expect(mappingSchema.safeParse(mapping).error?.issues[0]?.path[0]).toBe(path);
  });
});
