import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guarded, refuseUrl } from "../../../../worker/sources/drivers/generic/url-guard";

const strict = { allowLoopback: false };
const refused = (url: string) => refuseUrl(url, strict) !== null;

describe("allowed URLs", () => {
  test.each([
    "https://api.example.com/v1/rows?x=1",
    "https://example.com:8443/",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://localhost.example.com/",
    "https://internal-tools.example.org/",
  ])("%s is allowed", (url) => expect(refuseUrl(url, strict)).toBeNull());

  test.each([
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "not a url",
    "https://user:pass@example.com/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://app.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://router/",
    "https://nas.home.arpa/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f.0.0.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:4136:e378::1]/",
    "https://[2001:db8::1]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fc00::1]/",
    "https://[ff02::1]/",
    "https://１２７.０.０.１/",
  ])("%s is refused", (url) => expect(refused(url)).toBe(true));

  test("172.15 and 172.32 are public", () => {
    expect(refused("https://172.15.0.1/")).toBe(false);
    expect(refused("https://172.32.0.1/")).toBe(false);
  });

  test("every spelling of a private IPv4 address is refused", () => {
    const address = fc.oneof(
      fc.integer({ min: 0, max: 0xffffff }).map((rest) => 10 * 2 ** 24 + rest),
      fc.integer({ min: 0, max: 0xffffff }).map((rest) => 127 * 2 ** 24 + rest),
      fc.integer({ min: 0, max: 0xffff }).map((rest) => 0xc0a80000 + rest),
      fc.integer({ min: 0, max: 0xffff }).map((rest) => 0xa9fe0000 + rest),
    );
    const spell = [
      (n: number) => `${n}`,
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join("."),
      (n: number) => [24, 16, 8, 0].map((shift) => `0x${((n >>> shift) & 255).toString(16)}`).join("."),
      (n: number) => `${(n >>> 24) & 255}.${n & 0xffffff}`,
      (n: number) => `[::ffff:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}]`,
      (n: number) => `[64:ff9b::${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}]`,
      (n: number) => `[2002:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1]`,
    ];
    fc.assert(
      fc.property(address, fc.constantFrom(...spell), (n, spelling) => refused(`https://${spelling(n)}/`)),
      { numRuns: 2000 },
    );
  });

  test("loopback is allowed only with the option", () => {
    const loose = { allowLoopback: true };
    expect(refuseUrl("http://127.0.0.1:8080/rows", loose)).toBeNull();
    for (const url of [
      "http://127.0.0.2/",
      "http://localhost/",
      "http://10.0.0.1/",
      "https://[::1]/",
      "ftp://127.0.0.1/",
    ])
      expect(refuseUrl(url, loose)).not.toBeNull();
  });
});

describe("redirects", () => {
  const hop = (location: string, status = 302) => new Response(null, { status, headers: { location } });
  /** A network that answers by URL and records its requests. */
  function network(answers: Record<string, Response>) {
    const seen: { url: string; method: string; authorization: string | null }[] = [];
    const send = async (url: string, init: RequestInit) => {
      expect(init.redirect).toBe("manual");
      const authorization = new Headers(init.headers).get("authorization");
      seen.push({ url, method: init.method ?? "GET", authorization });
      return answers[url] ?? new Response("end");
    };
    return { seen, ask: guarded(strict, send) };
  }
  const signed = { headers: { authorization: "Bearer s3cret" } };

  test("are followed, each checked", async () => {
    const { ask, seen } = network({
      "https://a.example/x": hop("/y"),
      "https://a.example/y": hop("http://169.254.169.254/latest"),
    });
    await expect(ask("https://a.example/x", signed)).rejects.toMatchObject({ code: "invalid" });
    expect(seen.map(({ url }) => url)).toEqual(["https://a.example/x", "https://a.example/y"]);
  });

  test("do not send keys to another origin", async () => {
    const { ask, seen } = network({
      "https://a.example/x": hop("https://a.example/y", 307),
      "https://a.example/y": hop("https://b.example/z", 307),
    });
    expect(await (await ask("https://a.example/x", { ...signed, method: "POST", body: "{}" })).text()).toBe(
      "end",
    );
    expect(seen).toEqual([
      { url: "https://a.example/x", method: "POST", authorization: "Bearer s3cret" },
      { url: "https://a.example/y", method: "POST", authorization: "Bearer s3cret" },
      { url: "https://b.example/z", method: "GET", authorization: null },
    ]);
  });

  test("are limited", async () => {
    const { ask, seen } = network({ "https://a.example/x": hop("https://a.example/x") });
    await expect(ask("https://a.example/x", {})).rejects.toThrow("redirects more than 5 times");
    expect(seen).toHaveLength(6);
  });

  test("to invalid URLs are refused, and other responses are returned", async () => {
    const { ask } = network({
      "https://a.example/x": hop("https://"),
      "https://a.example/n": new Response(null, { status: 304 }),
    });
    await expect(ask("https://a.example/x", {})).rejects.toMatchObject({ code: "invalid" });
    expect((await ask("https://a.example/n", {})).status).toBe(304);
  });
});
