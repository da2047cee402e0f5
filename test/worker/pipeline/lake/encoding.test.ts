import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bitWidth,
  decodeHybrid,
  encodeHybrid,
  hybridBound,
} from "../../../../worker/pipeline/lake/hybrid.ts";
import { TextSink, TextSource } from "../../../../worker/pipeline/lake/text.ts";
import { compress, decompress } from "../../../../worker/pipeline/lake/zstd.ts";
import { makeRandom } from "./make-rows.ts";

test("codes of any width are decoded, in runs and without", () => {
  const runs = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 40 })), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 24 }), runs, (entries, parts) => {
      const values = Uint32Array.from(parts.flatMap(([value, times]) => Array(times).fill(value % entries)));
      const width = bitWidth(entries);
      const bytes = new Uint8Array(hybridBound(values.length, width));
      const end = encodeHybrid(values, values.length, width, bytes, 0);
      const back = new Uint32Array(values.length);
      decodeHybrid(bytes.subarray(0, end), 0, width, back, 0, values.length);
      expect(back).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test("texts are decoded or skipped, and bytes can be copied undecoded", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.boolean())), (values) => {
      const sink = new TextSink(1);
      for (const [text] of values) sink.append(text);
      const source = new TextSource(sink.bytes);
      const moved = new TextSink(1);
      const read = values.map(([text, wanted]) => {
        source.step();
        moved.appendFrom(source);
        return wanted ? source.text() : text;
      });
      expect(read).toEqual(values.map(([text]) => text));
      expect(Buffer.compare(moved.bytes, sink.bytes)).toBe(0);
    }),
  );
});

test("pages of any size and disorder are compressed and decompressed, whatever the runtime's limit of a frame", () => {
  const random = makeRandom(7);
  for (const size of [0, 1, 39_999, 40_001, 41_000, 90_000, 400_000, 1_300_000]) {
    for (const letters of [1, 2, 16, 256]) {
      const page = new Uint8Array(size);
      for (let i = 0; i < size; i++) page[i] = Math.floor(random() * letters);
      // Data that compresses well at first may not later: the size of a frame is only estimated.
      page.fill(0, 0, letters === 256 ? size >>> 1 : 0);
      const packed = compress(page);
      expect(Buffer.compare(decompress(packed, size), page)).toBe(0);
      expect(packed.length).toBeLessThan(size + 1_000);
    }
  }
  expect(() => decompress(compress(new Uint8Array(10)), 11)).toThrow("11 bytes");
});

test("pages that fill workerd's output buffer exactly are decompressed", () => {
  for (const size of [40_960, 81_920, 163_840, 327_680]) {
    for (const bytes of [new Uint8Array(size), Uint8Array.from({ length: size }, (_, i) => (i * i) % 251)]) {
      expect(Buffer.compare(decompress(compress(bytes), size), bytes)).toBe(0);
    }
  }
});
