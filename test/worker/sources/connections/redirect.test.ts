/** A stored key goes to the origin, and in the header, for which it was entered. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { isRefusal } from "../../../../worker/lib/refusal";
import { createSource, updateSource } from "../../../../worker/sources/connections";
import { previewSource } from "../../../../worker/sources/connections/preview";
import { findSource, type StoredSource } from "../../../../worker/sources/connections/store";
import { makeAccount } from "../../../support/client";

const KEY = "key-of-the-first-admin";
const OWN = "https://api.example.com/orders";
const HOSTILE = "https://collect.example.net/orders";
/** What an API on the internet was sent: origin and headers. */
let sent: { origin: string; headers: string }[] = [];
const overrides = {
  fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    sent.push({ origin: new URL(request.url).origin, headers: JSON.stringify([...request.headers]) });
    return Response.json([{ id: 1 }]);
  },
};
let source: StoredSource;

async function stored<T extends object>(result: T | Parameters<typeof isRefusal>[0]): Promise<StoredSource> {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result as StoredSource;
}

beforeEach(async () => {
  const owner = await makeAccount();
  const body = { name: "Shop", timezone: "UTC" };
  const { data } = await owner.call("POST", "/api/v1/projects", { token: owner.token, body });
  const wanted = {
    driver: "http" as const,
    settings: { url: OWN, auth: "bearer" },
    keys: { token: KEY },
    interval_minutes: 15,
  };
  const made = await createSource(env, { project: data.id, user: owner.user.id }, wanted, 1, overrides);
  source = await stored(made);
  sent = [];
});

const current = async () => (await findSource(env.CONTROL, source.id)) as StoredSource;
const change = (settings: object, keys?: Record<string, string>) =>
  updateSource(env, source, { settings: { ...settings }, ...(keys && { keys }) }, 2, overrides);

describe("a source with a key", () => {
  it("does not move to another origin or header without the key, and sends nothing there", async () => {
    for (const settings of [
      { url: HOSTILE, auth: "bearer" },
      { url: OWN, auth: "header", header_name: "x-forwarded-note" },
      { url: "https://api.example.com:8443/orders", auth: "bearer" },
    ]) {
      expect(await change(settings)).toMatchObject({ code: "source_key_missing" });
      expect((await current()).settings.url).toBe(OWN);
    }
    await previewSource(env, await current(), { sample: "" }, overrides);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.every(({ origin }) => origin === "https://api.example.com")).toBe(true);
  });

  it("moves with a key entered for the new place; the old one is never sent there", async () => {
    await stored(await change({ url: HOSTILE, auth: "bearer" }, { token: "another" }));
    await previewSource(env, await current(), { sample: "" }, overrides);
    expect(sent.some(({ origin }) => origin === "https://collect.example.net")).toBe(true);
    expect(sent.some(({ headers }) => headers.includes(KEY))).toBe(false);
  });

  it("takes another path of the same origin with its key", async () => {
    await stored(await change({ url: "https://api.example.com/v2/orders", auth: "bearer" }));
    await previewSource(env, await current(), { sample: "" }, overrides);
    expect(sent.at(-1)?.headers).toContain(KEY);
  });
});
