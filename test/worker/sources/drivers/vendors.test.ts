import { afterAll, describe, expect, it } from "vitest";
import { STRIPE_KEYS } from "../../../../demo/vendors/stripe/index";
import type { StripeTruth } from "../../../../demo/vendors/stripe/world";
import { startVendor } from "../../../support/vendors/client";

const NOW = Date.UTC(2026, 10, 1);

describe("a stand-in beside workerd", async () => {
  const vendor = await startVendor({ vendor: "stripe", now: NOW, account: { signups: 1 } });
  afterAll(() => vendor.close());
  const ask = () =>
    fetch(`${vendor.url}/v1/products`, { headers: { authorization: `Bearer ${STRIPE_KEYS.full}` } });

  it("answers, applies faults, has a log and returns its truth", async () => {
    const truth = await vendor.truth<StripeTruth>();
    expect(await (await ask()).json()).toMatchObject({ data: truth.products });
    await vendor.misbehave({ kind: "throttle", calls: 1 });
    expect((await ask()).status).toBe(429);
    await vendor.setNow(NOW + 1000);
    expect((await vendor.log()).map(({ at, status }) => [at, status])).toEqual([
      [NOW, 200],
      [NOW, 429],
    ]);
  });
});
