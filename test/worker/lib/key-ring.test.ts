import { expect, test } from "vitest";
import { keyRing } from "../../../worker/lib/key-ring";

const ringOf = (secret: string | undefined) => keyRing(secret, "TEST_KEYS");
const key = (byte: number) => btoa(String.fromCharCode(...new Uint8Array(32).fill(byte)));

test("what is sealed opens with its key and owner, and looks different each time", async () => {
  const ring = ringOf(`a:${key(1)}`);
  const one = await ring.seal("rk_live_1", "src_1");
  expect(one.key).toBe("a");
  expect(one.text).not.toContain("rk_live_1");
  expect(atob(one.text)).not.toContain("rk_live_1");
  expect((await ring.seal("rk_live_1", "src_1")).text).not.toBe(one.text);
  expect(await ring.open(one, "src_1")).toBe("rk_live_1");
});

test("a text that was moved to another source or changed does not open", async () => {
  const ring = ringOf(`a:${key(1)}`);
  const sealed = await ring.seal("secret", "src_1");
  await expect(ring.open(sealed, "src_2")).rejects.toThrow();
  const changed = `${sealed.text[0] === "A" ? "B" : "A"}${sealed.text.slice(1)}`;
  await expect(ring.open({ ...sealed, text: changed }, "src_1")).rejects.toThrow();
  await expect(ringOf(`a:${key(2)}`).open(sealed, "src_1")).rejects.toThrow();
});

test("the first key seals, the others still open", async () => {
  const old = await ringOf(`a:${key(1)}`).seal("secret", "src_1");
  const ring = ringOf(`b:${key(2)}, a:${key(1)}`);
  expect(await ring.open(old, "src_1")).toBe("secret");
  expect((await ring.seal("secret", "src_1")).key).toBe("b");
  await expect(ringOf(`b:${key(2)}`).open(old, "src_1")).rejects.toThrow('no key "a"');
});

test("a malformed ring is refused without revealing its keys", async () => {
  for (const secret of [undefined, "", ":", `a:${key(1)},a:${key(2)}`])
    expect(() => ringOf(secret)).toThrow("TEST_KEYS is missing or malformed");
  for (const secret of ["a:c2hvcnQ=", "a:!!!"]) {
    const refused = ringOf(secret).seal("x", "y");
    await expect(refused).rejects.toThrow("TEST_KEYS is missing or malformed");
    await expect(refused).rejects.not.toThrow("c2hvcnQ");
  }
});
