import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ImportOptions, importFile } from "../../demo/cli/import/run.ts";
import { summary } from "../../demo/cli/import/summary.ts";
import type { SentEvent } from "../../demo/cli/send.ts";
import type { Target } from "../../demo/cli/target.ts";
import { importEventSchema } from "../../schema/wire/event.ts";

/** The endpoint's contract: a batch id has one content. */
const taken = new Map<string, SentEvent[]>();
const refusals: number[] = [];
let requests = 0;
let server: Server;
let target: Target;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "selvedge-import-"));
  server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    requests++;
    const refusal = refusals.shift();
    if (refusal) return response.writeHead(refusal, { "retry-after": "0" }).end("{}");
    const { batch_id, events } = JSON.parse(text) as { batch_id: string; events: SentEvent[] };
    const rejected = events.flatMap((event, index) => {
      const result = importEventSchema.safeParse(event);
      return result.success
        ? []
        : [{ index, code: "invalid", message: result.error.issues[0]?.message ?? "" }];
    });
    taken.set(batch_id, events);
    const dropped = events.some((event) => event.referrer?.includes("spam")) ? { spam_referrer: 1 } : {};
    response
      .writeHead(202)
      .end(JSON.stringify({ accepted: events.length - rejected.length, rejected, dropped }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  target = { url: `http://127.0.0.1:${port}`, project: "p_1", token: async () => "t" };
});
afterEach(() => {
  taken.clear();
  refusals.length = 0;
  requests = 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const events = () => [...taken.values()].flat();
function run(name: string, content: string | Buffer, options: Partial<ImportOptions> = {}) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return importFile(target, { file, format: "log", map: {}, event: "page_view", ...options });
}

const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const line = (i: number, rest = `"http://shop.example/p/1" "${AGENT}"`) =>
  `198.51.100.${i % 250} - - [02/Mar/2016:0${i % 10}:00:00 +0100] "GET /p/${i}?q=1 HTTP/1.1" 200 10 ${rest}`;
const LOG = [
  ...Array.from({ length: 1200 }, (_, i) => line(i)),
  line(7),
  line(7),
  `198.51.100.1 - - [02/Mar/2016:00:00:00 +0100] "GET /style.css HTTP/1.1" 200 10 "-" "${AGENT}"`,
  "what is this",
  line(8, '"-" "curl/8.5.0"'),
].join("\n");

describe("an access log", () => {
  it("becomes page views of its own site, with their visitors", async () => {
    const done = await run("access.log", LOG);
    expect(done).toMatchObject({ lines: 1205, accepted: 1202, site: "http://shop.example" });
    expect(Object.fromEntries(done.left)).toEqual({ asset: 1, malformed: 1, bot: 1 });
    expect(done.faults).toEqual(["line 1204: what is this"]);
    expect(taken.size).toBe(3);
    expect(events().find((event) => event.page_url?.includes("/p/3?"))).toMatchObject({
      event: "page_view",
      timestamp: Date.UTC(2016, 2, 2, 2),
      page_url: "http://shop.example/p/3?q=1",
      referrer: "http://shop.example/p/1",
      context: { user_agent: AGENT, ip: "198.51.100.3" },
    });
    expect(summary("access.log", done)).toContain(
      "1,205 lines, 2016-03-01 to 2016-03-02, site http://shop.example",
    );
  });

  it("counts equal lines as different events, and the same file once", async () => {
    await run("access.log", LOG);
    const ids = events().map((event) => event.event_id);
    expect(new Set(ids).size).toBe(1202);
    const batches = [...taken.keys()];
    await run("again.log.gz", gzipSync(LOG));
    expect([...taken.keys()]).toEqual(batches);
    await run("grown.log", `${LOG}\n${line(9)}\n`);
    expect([...taken.keys()].slice(0, 2)).toEqual(batches.slice(0, 2));
  });

  it("uses the given site, and fails when none is given or guessed", async () => {
    const alone = line(1, `"-" "${AGENT}"`);
    await expect(run("alone.log", alone)).rejects.toThrow("set its origin with --site");
    await expect(run("alone.log", alone, { site: "shop" })).rejects.toThrow("--site must be an origin");
    await run("alone.log", alone, { site: "https://given.example/" });
    expect(events()[0]?.page_url).toBe("https://given.example/p/1?q=1");
  });

  it("reports what the server filters", async () => {
    const done = await run("spam.log", line(1, `"http://spam.example/" "${AGENT}"`), {
      site: "https://a.example",
    });
    expect(done.accepted).toBe(0);
    expect(summary("spam.log", done)).toMatch(/dropped: spam_referrer +1/);
  });

  it("retries when the server is busy, and stops when it refuses", async () => {
    refusals.push(503, 429);
    expect((await run("busy.log", line(1))).accepted).toBe(1);
    expect(requests).toBe(3);
    refusals.push(403);
    await expect(run("refused.log", line(1))).rejects.toThrow("refused the events for project p_1 (403)");
  });

  it("reports which file cannot be read", async () => {
    const options: ImportOptions = { file: "/no/such/file", format: "csv", map: {}, event: "x" };
    await expect(importFile(target, options)).rejects.toThrow("/no/such/file cannot be read");
  });
});

describe("tables", () => {
  const CSV = [
    "\uFEFFWhen,event,page_url,country,plan,seats,trial,note",
    '2020-01-02 03:04:05,signup,https://a.example/x,DE,"team, large",3,true,',
    "2020-01-02,,,,,,,",
    "yesterday,signup,,,,,,",
    "1577934245,signup,,,,007,,",
  ].join("\r\n");

  it("are read by the names of their columns, or by a map", async () => {
    const done = await run("t.csv", CSV, { format: "csv", map: { When: "timestamp" }, event: "visit" });
    expect(done.accepted).toBe(3);
    expect(Object.fromEntries(done.left)).toEqual({ malformed: 1 });
    const [first, second, third] = events();
    expect(first).toMatchObject({
      event: "signup",
      timestamp: Date.UTC(2020, 0, 2, 3, 4, 5),
      page_url: "https://a.example/x",
      context: { country: "DE" },
      properties: { plan: "team, large", seats: 3, trial: true },
    });
    expect(second).toMatchObject({ event: "visit", timestamp: Date.UTC(2020, 0, 2), properties: {} });
    expect(third).toMatchObject({ timestamp: 1_577_934_245_000, properties: { seats: "007" } });
    expect(done.lines).toBe(5);
  });

  it("may be one JSON object a line", async () => {
    const lines = [
      '{"event":"purchase","timestamp":1577934245123,"properties":{"amount":12.5},"context":{"city":"Prato"},"colour":"red"}',
      "",
      "[1]",
      '{"event":"purchase","timestamp":"2020-01-02T03:04:05+02:00","event_id":"mine","country":"nowhere"}',
    ];
    const done = await run("t.ndjson", lines.join("\n"), { format: "ndjson" });
    expect(done).toMatchObject({ lines: 4, accepted: 1 });
    expect(Object.fromEntries(done.rejected)).toEqual({ invalid: 1 });
    expect(done.faults.at(-1)).toMatch(/^line 4: /);
    expect(events()).toMatchObject([
      {
        timestamp: 1_577_934_245_123,
        properties: { amount: 12.5, colour: "red" },
        context: { city: "Prato" },
      },
      { timestamp: Date.UTC(2020, 0, 2, 1, 4, 5), event_id: "mine" },
    ]);
  });
});
