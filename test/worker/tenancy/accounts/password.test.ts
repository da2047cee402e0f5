import fc from "fast-check";
import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "../../../../worker/tenancy/accounts/password";

test("only the right password matches a hash", async () => {
  const words = fc.string({ unit: "grapheme", minLength: 8, maxLength: 128 });
  await fc.assert(
    fc.asyncProperty(words, words, async (one, two) => {
      const hash = await hashPassword(one);
      expect(await verifyPassword(one, hash)).toBe(true);
      expect(await verifyPassword(two, hash)).toBe(one.normalize("NFKC") === two.normalize("NFKC"));
    }),
    { numRuns: 5 },
  );
});

test("two hashes of one password differ, and other Unicode forms of it match", async () => {
  const composed = "caf\u00e9 au lait";
  const hash = await hashPassword(composed);
  expect(await hashPassword(composed)).not.toBe(hash);
  expect(await verifyPassword("cafe\u0301 au lait", hash)).toBe(true);
});

test("an unknown hash format matches nothing", async () => {
  for (const hash of ["", "x", "bcrypt$1$2$3$a$b", "scrypt$16384$8$5$$", "scrypt$16384$8$5$salt$"]) {
    expect(await verifyPassword("password", hash)).toBe(false);
  }
});
