/** The list of vendors: every vendor is complete and distinct from the others. */
import { describe, expect, it } from "vitest";
import { VENDOR_LABELS } from "../../schema/wire/vendors.ts";
import { VENDORS } from "../../worker/sources/drivers/registry.ts";

describe("the registry of vendors", () => {
  it("lists each vendor under a unique name and label", () => {
    const listed = Object.entries(VENDORS).map(([name, { driver }]) => [name, driver.name, driver.label]);
    const expected = Object.entries(VENDOR_LABELS).map(([name, label]) => [name, name, label]);
    expect(listed.sort()).toEqual(expected.sort());
  });

  it("gives each vendor a unique badge", () => {
    const badges = Object.values(VENDORS).map(({ badge }) => badge.path);
    expect(new Set(badges).size).toBe(badges.length);
  });
});
