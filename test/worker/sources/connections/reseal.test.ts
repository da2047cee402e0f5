import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { resealSecrets } from "../../../../worker/sources/connections";
import { ringOf, sealSecrets } from "../../../../worker/sources/connections/bindings";
import { findSource, insertSource } from "../../../../worker/sources/connections/store";
import { makeAccount } from "../../../support/client";

const key = (id: string, byte: number) =>
  `${id}:${btoa(String.fromCharCode(...new Uint8Array(32).fill(byte)))}`;
const under = (SOURCE_KEYS: string, SOURCE_KEYS_NEXT?: string) => ({
  ...env,
  SOURCE_KEYS,
  ...(SOURCE_KEYS_NEXT && { SOURCE_KEYS_NEXT }),
});

async function makeSources(count: number): Promise<string[]> {
  const owner = await makeAccount();
  const body = { name: "Shop", timezone: "UTC" };
  const { data } = await owner.call("POST", "/api/v1/projects", { token: owner.token, body });
  const ids = Array.from({ length: count }, () => `s-${crypto.randomUUID()}`);
  for (const id of ids) {
    const source = { id, project_id: data.id, driver: "stripe" as const, name: "Stripe", settings: {} };
    await insertSource(env.CONTROL, { ...source, interval_ms: 1, created_by: owner.user.id, created_at: 1 });
  }
  return ids;
}

const opened = async (bindings: ReturnType<typeof under>, id: string) => {
  const source = await findSource(env.CONTROL, id);
  return source?.sealed && JSON.parse(await ringOf(bindings).open(source.sealed, id));
};

test("secrets of the old key are encrypted with the new one, and can then be decrypted without the old", async () => {
  const ids = await makeSources(120);
  const before = under(key("a", 1));
  for (const id of ids) await sealSecrets(before, id, { api_key: `rk_${id}` }, 5);
  const during = under(key("a", 1), key("b", 2));
  expect(await resealSecrets(during)).toBe(120);
  expect(await resealSecrets(during)).toBe(0);
  const after = under(key("b", 2));
  for (const id of ids) expect(await opened(after, id)).toEqual({ api_key: `rk_${id}` });
  // Between the command's last two steps both secrets have the same key.
  expect(await opened(under(key("b", 2), key("b", 2)), ids[0]!)).toBeTruthy();
  expect((await findSource(env.CONTROL, ids[0]!))?.sealed?.key).toBe("b");
});

test("one that cannot be decrypted is reported, without its text, and does not affect others", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const [lost = "", good = ""] = await makeSources(2);
  await sealSecrets(under(key("gone", 9)), lost, { api_key: "rk_lost" }, 5);
  await sealSecrets(under(key("b", 2)), good, { api_key: "rk_good" }, 5);
  await resealSecrets(under(key("b", 2), key("c", 3)));
  expect(await opened(under(key("c", 3)), good)).toEqual({ api_key: "rk_good" });
  const logged = JSON.stringify(log.mock.calls);
  log.mockRestore();
  expect(logged).toContain(lost);
  expect(logged).not.toContain((await findSource(env.CONTROL, lost))?.sealed?.text);
});
