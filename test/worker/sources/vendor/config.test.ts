import { describe, expect, test } from "vitest";
import { hubspot } from "../../../../worker/sources/drivers/hubspot/driver";
import { stripe } from "../../../../worker/sources/drivers/stripe/driver";
import { configOf } from "../../../../worker/sources/vendor/config";

describe("configuration", () => {
  test("uses the driver's own values by default", () => {
    expect(configOf({}, hubspot)).toEqual({
      base_url: "https://api.hubapi.com",
      authorize_base: "https://app.hubspot.com",
      token_base: "https://api.hubapi.com",
      version: hubspot.version,
      sunset: hubspot.sunset,
      client: null,
    });
  });

  test("uses the API's base for consent and tokens, unless they are configured", () => {
    const base_url = "http://127.0.0.1:1/";
    const moved = configOf({ SOURCES: JSON.stringify({ hubspot: { base_url } }) }, hubspot);
    expect(moved).toMatchObject({ base_url: "http://127.0.0.1:1", authorize_base: "http://127.0.0.1:1" });
    const apart = { hubspot: { base_url, authorize_base: "https://consent.example" } };
    expect(configOf({ SOURCES: JSON.stringify(apart) }, hubspot).authorize_base).toBe(
      "https://consent.example",
    );
  });

  test("reads version, sunset and client from the deployment", () => {
    const said = { hubspot: { version: "2027-03", sunset: "2028-09-01", client_id: "app" } };
    const vars = { SOURCES: JSON.stringify(said), SOURCE_CLIENTS: JSON.stringify({ hubspot: "hush" }) };
    expect(configOf(vars, hubspot)).toMatchObject({
      version: "2027-03",
      sunset: "2028-09-01",
      client: { id: "app", secret: "hush" },
    });
    expect(configOf({ SOURCES: JSON.stringify(said) }, hubspot).client).toBeNull();
    expect(configOf(vars, stripe).client).toBeNull();
  });

  test("that is malformed is refused without its values", () => {
    for (const vars of [
      { SOURCES: "{" },
      { SOURCES: '{"stripe":{"base_url":"nowhere-hush"}}' },
      { SOURCES: '{"stripe":{"hush":1}}' },
      { SOURCE_CLIENTS: '{"stripe":["hush"]}' },
      { SOURCE_CLIENTS: "hush" },
    ]) {
      expect(() => configOf(vars, stripe)).toThrow(/^SOURCE/);
      expect(() => configOf(vars, stripe)).not.toThrow(/hush/);
    }
  });
});
