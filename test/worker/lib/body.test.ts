import fc from "fast-check";
import { expect, test } from "vitest";
import { readBytes, readText } from "../../../worker/lib/body";

/** A body that arrives in chunks. */
function streamOf(chunks: readonly Uint8Array[], onCancel = () => {}): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: onCancel,
  });
}
const bodyOf = (text: string) => new Response(streamOf([new TextEncoder().encode(text)]));

test("reads any chunks up to the limit and refuses more", async () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 10 }), fc.nat({ max: 120 }), async (chunks, limit) => {
      const all = chunks.flatMap((one) => [...one]);
      const result = await readBytes(new Response(streamOf(chunks)), limit);
      if (all.length > limit) expect(result).toMatchObject({ refusal: { code: "body_too_large" } });
      else expect(result.ok && [...result.value]).toEqual(all);
    }),
    { numRuns: 60 },
  );
});

test("cancels a stream that is too large", async () => {
  let canceled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => {
      canceled = true;
    },
  });
  expect((await readBytes(new Response(endless), 25)).ok).toBe(false);
  expect(canceled).toBe(true);
});

test("trusts a Content-Length and refuses by it", async () => {
  expect(await readText(bodyOf("12345"), 5, 5)).toEqual({ ok: true, value: "12345" });
  expect(await readText(bodyOf("123456"), 5, 6)).toMatchObject({ refusal: { code: "body_too_large" } });
});

test("a missing body is empty", async () => {
  expect(await readText(new Response(null), 5)).toEqual({ ok: true, value: "" });
});
