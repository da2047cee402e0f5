import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { STRIPE_KEYS, stripe } from "../../demo/vendors/stripe/index.ts";
import type { StripeTruth } from "../../demo/vendors/stripe/world.ts";
import type { SourceDetail, SyncRun } from "../../schema/wire/source.ts";
import { type Product, startProduct } from "../support/product.ts";

/** Syncs in production form: workflows of the built product, started manually and by the schedule. */
describe("a source in the built product", () => {
  let vendor: RunningVendor<StripeTruth>;
  let product: Product;
  let project: string;

  beforeAll(async () => {
    // Three sources of one account connect within a second, which its limit by the real clock would refuse.
    vendor = await startVendor(stripe, { limits: false });
    product = await startProduct({ SOURCES: JSON.stringify({ stripe: { base_url: vendor.url } }) });
    project = (await product.makeProject("Shop")).id;
  });
  afterAll(async () => {
    await product?.close();
    await vendor?.close();
  });

  const at = (rest = "") => `/api/v1/projects/${project}/sources${rest}`;
  const connect = () =>
    product.api<SourceDetail>("POST", at(), { driver: "stripe", keys: { api_key: STRIPE_KEYS.full } });
  async function ended(source: string, run: string): Promise<SyncRun> {
    for (;;) {
      const { data } = await product.api<{ data: SyncRun[] }>("GET", at(`/${source}/runs`));
      const found = data.find(({ id }) => id === run);
      if (found?.ended_at) return found;
      await pause(200);
    }
  }

  it("is read completely", async () => {
    const source = await connect();
    const run = await ended(source.id, source.running ?? "");
    expect(run).toMatchObject({ trigger: "connect", status: "succeeded", error: null });
    const detail = await product.api<SourceDetail>("GET", at(`/${source.id}`));
    const rows = Object.fromEntries(detail.streams.map((stream) => [stream.name, stream.rows]));
    expect(rows.customers).toBe(vendor.truth().customers.length);
    expect(detail).toMatchObject({ running: null, status: "active" });
  });

  it("is synced manually and continues while others wait", async () => {
    const [one, two] = [await connect(), await connect()];
    await Promise.all([ended(one.id, one.running ?? ""), ended(two.id, two.running ?? "")]);
    const run = await product.api<SyncRun>("POST", at(`/${one.id}/sync`));
    expect(run.trigger).toBe("manual");
    expect((await ended(one.id, run.id)).status).toBe("succeeded");
  });

  it("stores its key in no file", () => {
    const files = readdirSync(product.state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => readFileSync(file).includes(STRIPE_KEYS.full))).toEqual([]);
  });
});
