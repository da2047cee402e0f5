/** Files that are imported again after they changed: a line makes the same id wherever it is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFile } from "../../demo/cli/import/file.ts";
import { readLog } from "../../demo/cli/import/log.ts";
import { type ImportRow, Reading } from "../../demo/cli/import/row.ts";
import { readCsv, readNdjson } from "../../demo/cli/import/table.ts";

const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const OPTIONS = { map: {}, event: "page_view" };
let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "selvedge-again-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const READERS = { log: readLogFile, csv: readCsv, ndjson: readNdjson };

function readLogFile(open: ReturnType<typeof openFile>, _options: typeof OPTIONS, reading: Reading) {
  return readLog(open, "https://shop.example", reading);
}

/** The ids of a file's events. */
async function idsOf(content: string | Buffer, format: keyof typeof READERS = "log"): Promise<string[]> {
  const file = path.join(folder, `${files++}.txt`);
  writeFileSync(file, content);
  const rows: AsyncIterable<ImportRow> = READERS[format](openFile(file), OPTIONS, new Reading());
  const ids: string[] = [];
  for await (const { event } of rows) ids.push(event.event_id ?? "");
  return ids;
}

/** Events that count when all files are imported. */
async function countOf(...contents: (string | Buffer)[]): Promise<number> {
  const ids = new Set<string>();
  for (const content of contents) for (const id of await idsOf(content)) ids.add(id);
  return ids.size;
}

/** A request at second `second` of a day, by one of a few visitors. */
const line = (second: number, who = 1) => {
  const at = new Date(second * 1000).toISOString().slice(11, 19);
  const day = String(2 + Math.floor(second / 86_400)).padStart(2, "0");
  return `198.51.100.${who} - - [${day}/Mar/2026:${at} +0000] "GET /p HTTP/1.1" 200 10 "-" "${AGENT}"`;
};
const textOf = (lines: readonly string[]) => lines.map((text) => `${text}\n`).join("");
const LINES = Array.from({ length: 900 }, (_, i) => line(i * 100, i % 7));

describe("a log", () => {
  it("that grew counts only the new lines", async () => {
    expect(await countOf(textOf(LINES.slice(0, 700)), textOf(LINES))).toBe(900);
  });

  it("that was rotated, compressed, concatenated or cut counts each line once", async () => {
    const old = textOf(LINES.slice(0, 400));
    const recent = textOf(LINES.slice(400));
    const all = gzipSync(old + recent);
    const members = Buffer.concat([gzipSync(old), gzipSync(recent)]);
    const windows = (old + recent).replaceAll("\n", "\r\n");
    expect(await countOf(old, recent, old + recent, recent + old, all, members, windows)).toBe(900);
    expect(await countOf(textOf(LINES.slice(100, 500)), textOf(LINES.slice(300, 800)), all)).toBe(900);
  });

  it("whose overlapping parts were concatenated counts each line once", async () => {
    expect(await countOf(textOf([...LINES.slice(0, 700), ...LINES.slice(200)]))).toBe(900);
    expect(await countOf(textOf([...LINES, ...LINES]))).toBe(900);
  });

  it("whose last line was still being written counts it when it is complete", async () => {
    const text = textOf(LINES.slice(0, 3).map((each) => `${each} "10.0.0.1" 0.123`));
    for (let end = text.length - 1; end > text.length - 200; end--)
      expect(await countOf(text.slice(0, end), text), text.slice(0, end)).toBe(3);
  });

  it("counts equal lines as often as they occur, also when requests end out of order", async () => {
    const lines = [line(10), line(10), line(5), line(10), line(4000), line(10)];
    expect(await countOf(textOf(lines), textOf(lines), textOf([...lines, line(10)]))).toBe(7);
  });

  it("counts many equal lines as often as they occur", async () => {
    const lines = Array.from({ length: 250_000 }, (_, i) => line(Math.floor(i / 2) % 3600, i % 2));
    expect(new Set(await idsOf(textOf(lines))).size).toBe(250_000);
  });

  it("in any parts counts each line as often as in the part that has most of it", async () => {
    const second = fc.integer({ min: 0, max: 40 });
    const part = fc.record({ from: fc.nat(60), length: fc.nat(60), gzip: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(second, { maxLength: 60 }),
        fc.array(part, { minLength: 1, maxLength: 5 }),
        async (seconds, parts) => {
          const lines = seconds.sort((a, b) => a - b).map((at) => line(at));
          const cut = parts.map(({ from, length }) => lines.slice(from, from + length));
          const most = new Map<string, number>();
          for (const own of cut) {
            for (const [text, equal] of Map.groupBy(own, (each) => each))
              most.set(text, Math.max(most.get(text) ?? 0, equal.length));
          }
          const contents = cut.map((own, i) => (parts[i]?.gzip ? gzipSync(textOf(own)) : textOf(own)));
          expect(await countOf(...contents)).toBe([...most.values()].reduce((sum, n) => sum + n, 0));
          expect(await countOf(...contents, textOf(lines))).toBe(lines.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a table", () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({
    timestamp: 1_790_000_000_000 + (i % 20),
    plan: "pro",
  }));

  it("that grew counts only the new rows, equal ones as often as they occur", async () => {
    const ndjson = (own: typeof rows) => textOf(own.map((row) => JSON.stringify(row)));
    const csv = (own: typeof rows) =>
      textOf(["timestamp,plan", ...own.map((row) => Object.values(row).join())]);
    for (const [format, of] of [
      ["ndjson", ndjson],
      ["csv", csv],
    ] as const) {
      const ids = [...(await idsOf(of(rows.slice(0, 25)), format)), ...(await idsOf(of(rows), format))];
      expect(new Set(ids).size).toBe(30);
    }
  });
});

describe("a compressed file", () => {
  it("of another format than gzip is refused by name", async () => {
    await expect(idsOf(Buffer.from("fd377a585a0000", "hex"))).rejects.toThrow("is compressed with xz");
    await expect(idsOf(Buffer.from("28b52ffd00", "hex"))).rejects.toThrow("is compressed with zstd");
  });
});
