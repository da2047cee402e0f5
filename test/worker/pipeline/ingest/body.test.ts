import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../../../schema/wire/event";
import { parseBody, readBody } from "../../../../worker/pipeline/ingest";

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function gzip(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  return new Uint8Array(await new Response(stream.pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
}

const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream();

/** `pieces` of `bytes` each, counting how many were read. */
function endless(bytes: number, pieces: number) {
  const asked = { pieces: 0, canceled: false };
  const piece = new Uint8Array(bytes).fill(32);
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (asked.pieces++ === pieces) controller.close();
        else controller.enqueue(piece.slice());
      },
      cancel() {
        asked.canceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { asked, stream };
}

describe("readBody", () => {
  test("reads plain and gzip bodies, with and without a length", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", maxLength: 2000 }),
        fc.boolean(),
        async (text, stated) => {
          const plain = bytesOf(text);
          const packed = await gzip(streamOf(plain));
          const read = (bytes: Uint8Array<ArrayBuffer>, encoding: string | null) =>
            readBody(new Response(streamOf(bytes)), { encoding, length: stated ? bytes.length : null });
          expect(await read(plain, null)).toEqual({ ok: true, value: text });
          expect(await read(packed, "GZIP")).toEqual({ ok: true, value: text });
        },
      ),
      { numRuns: 20 },
    );
  });

  test("no body is an empty text", async () => {
    expect(await readBody(new Response(null), { encoding: null, length: null })).toEqual({
      ok: true,
      value: "",
    });
  });

  test("a stated length over the limit is refused unread", async () => {
    const { asked, stream } = endless(1, 1);
    const answer = await readBody(new Response(stream), { encoding: null, length: MAX_BODY_BYTES + 1 });
    expect(answer).toMatchObject({ ok: false, refusal: { code: "body_too_large" } });
    expect(asked.pieces).toBe(0);
  });

  test("exactly the limit is accepted, one byte more is not", async () => {
    for (const [extra, ok] of [
      [0, true],
      [1, false],
    ] as const) {
      const bytes = new Uint8Array(MAX_BODY_BYTES + extra).fill(32);
      expect(await readBody(new Response(streamOf(bytes)), { encoding: null, length: null })).toMatchObject({
        ok,
      });
      const packed = await gzip(streamOf(bytes));
      expect(
        await readBody(new Response(streamOf(packed)), { encoding: "gzip", length: packed.length }),
      ).toMatchObject({ ok });
    }
  });

  test("an endless body is canceled at the limit", async () => {
    const { asked, stream } = endless(64 * 1024, Number.POSITIVE_INFINITY);
    const answer = await readBody(new Response(stream), { encoding: null, length: null });
    expect(answer).toMatchObject({ ok: false, refusal: { code: "body_too_large" } });
    expect(asked).toEqual({ pieces: 17, canceled: true });
  });

  test("a gzip bomb is refused at once, not inflated", async () => {
    // 64 MiB of blanks in 64 KB, compressed repeatedly: 1 GiB and more in a body that is within the limit.
    const part = await gzip(endless(1024 * 1024, 64).stream);
    const bomb = new Uint8Array(await new Blob(Array(15).fill(part)).arrayBuffer());
    expect(bomb.length).toBeLessThan(MAX_BODY_BYTES);
    const answer = await readBody(new Response(streamOf(bomb)), { encoding: "gzip", length: bomb.length });
    expect(answer).toMatchObject({ ok: false, refusal: { code: "body_too_large" } });
  });

  test("a body that is not gzip, is truncated, or has another encoding is refused", async () => {
    const packed = await gzip(streamOf(bytesOf('{"events":[]}')));
    const cases: [Uint8Array<ArrayBuffer>, string, string][] = [
      [bytesOf("{}"), "gzip", "invalid_request"],
      [packed.slice(0, -6), "gzip", "invalid_request"],
      [packed, "br", "unsupported_media"],
      [packed, "gzip, gzip", "unsupported_media"],
    ];
    for (const [bytes, encoding, code] of cases) {
      const answer = await readBody(new Response(streamOf(bytes)), { encoding, length: bytes.length });
      expect(answer).toMatchObject({ ok: false, refusal: { code } });
    }
  });
});

describe("parseBody", () => {
  const cases: [string, string, string, string | undefined][] = [
    ["not JSON", "{", "invalid_json", undefined],
    ["empty", "", "invalid_json", undefined],
    ["a list", "[]", "invalid_request", ""],
    ["no events", "{}", "invalid_request", "events"],
    ["empty events", '{"events":[]}', "invalid_request", "events"],
    ["501 events", JSON.stringify({ events: Array(501).fill({}) }), "invalid_request", "events"],
    ["a number as batch_id", '{"events":[1],"batch_id":7}', "invalid_request", "batch_id"],
    [
      "a long batch_id",
      JSON.stringify({ events: [1], batch_id: "x".repeat(65) }),
      "invalid_request",
      "batch_id",
    ],
  ];
  test.each(cases)("%s", (_, text, code, path) => {
    const outcome = parseBody(text);
    expect(outcome).toMatchObject({ ok: false, refusal: { code } });
    if (!outcome.ok) expect(outcome.refusal.errors?.[0]?.path).toBe(path);
  });

  test("500 events of any kind pass: they are checked one by one later", () => {
    const text = JSON.stringify({ events: Array(500).fill(7), batch_id: "b", api_key: "k" });
    expect(parseBody(text)).toMatchObject({ ok: true, value: { batch_id: "b", api_key: "k" } });
  });
});
