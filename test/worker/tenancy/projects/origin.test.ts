import { expect, test } from "vitest";
import { originAllowed } from "../../../../worker/tenancy/projects";

const cases: [domain: string | null, origin: string | null, allowed: boolean][] = [
  [null, "https://any.example", true],
  ["", "https://any.example", true],
  ["example.com", "https://example.com", true],
  ["example.com", "http://example.com:8080", true],
  ["example.com", "https://www.example.com", true],
  ["Example.com", "https://EXAMPLE.com", true],
  ["example.com", "https://app.example.com", false],
  ["example.com", "https://example.com.evil.example", false],
  ["example.com", "https://notexample.com", false],
  ["www.example.com", "https://example.com", false],
  ["*.example.com", "https://app.example.com", true],
  ["*.example.com", "https://a.b.example.com", true],
  ["*.example.com", "https://example.com", false],
  ["*.example.com", "https://evilexample.com", false],
  ["localhost:3000", "http://localhost:3000", true],
  ["localhost:3000", "http://localhost:3001", false],
  ["example.com:443", "https://example.com", true],
  ["example.com:443", "http://example.com", false],
  ["a.example, b.example ,*.c.example", "https://b.example", true],
  ["a.example, b.example ,*.c.example", "https://x.c.example", true],
  ["a.example, b.example", "https://c.example", false],
  ["example.com", "null", false],
  ["example.com", "not a url", false],
  ["example.com", "file://", false],
  ["example.com", null, true],
];

test.each(cases)("list %j, page %j: %j", (domain, origin, allowed) => {
  expect(originAllowed(domain, origin)).toBe(allowed);
});
