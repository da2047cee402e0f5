import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rawEventSchema } from "../../../../schema/wire/event";
import { accept, edgeContext, importContext, saltDay } from "../../../../worker/pipeline/ingest";
import { makeEvent, makeProject, makeSender } from "../../../support/make-event";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 20, 12);
const SALTS = { today: "salt-a", yesterday: "salt-b" };
const IP = "203.0.113.7";

function contextAt(
  now: number,
  given: { zone?: string; project?: string; salts?: typeof SALTS; ip?: string } = {},
) {
  const sender = makeSender({ ip: given.ip ?? IP });
  const of = edgeContext(sender, given.salts ?? SALTS, given.project ?? "p1", given.zone ?? "UTC", now);
  return of(BARE, now, "e");
}
const BARE = { ...rawEventSchema.parse({ event: "x" }), context: undefined };

describe("anonymous ids", () => {
  test("are 128 bits, the same within a day, and another one each day, project and address", () => {
    const id = contextAt(NOON).anonymous_id;
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(contextAt(NOON + HOUR).anonymous_id).toBe(id);
    expect(contextAt(NOON, { salts: { today: "salt-c", yesterday: "salt-a" } }).anonymous_id).not.toBe(id);
    expect(contextAt(NOON, { project: "p2" }).anonymous_id).not.toBe(id);
    expect(contextAt(NOON, { ip: "203.0.113.8" }).anonymous_id).not.toBe(id);
  });

  test("ids of two projects cannot be matched by address", () => {
    expect(contextAt(NOON, { project: "p2" }).ip_hash).not.toBe(contextAt(NOON).ip_hash);
  });

  test("yesterday's is sent in the first hour of the project's day, so that a session continues past midnight", () => {
    const midnight = Date.UTC(2026, 10, 20);
    const before = contextAt(midnight - 1, { salts: { today: "salt-b", yesterday: "salt-z" } });
    expect(contextAt(midnight).previous_anonymous_id).toBe(before.anonymous_id);
    expect(contextAt(midnight + HOUR - 1).previous_anonymous_id).toBe(before.anonymous_id);
    expect(contextAt(midnight + HOUR).previous_anonymous_id).toBeNull();
    expect(before.previous_anonymous_id).toBeNull();
  });

  test("none is sent when yesterday had no salt", () => {
    const salts = { today: "salt-a", yesterday: "" };
    expect(contextAt(Date.UTC(2026, 10, 20), { salts }).previous_anonymous_id).toBeNull();
  });

  test("midnight is that of the zone, half hours and daylight saving included", () => {
    const kolkata = Date.UTC(2026, 10, 19, 18, 30);
    expect(saltDay(kolkata - 1, "Asia/Kolkata")).toBe("2026-11-19");
    expect(saltDay(kolkata, "Asia/Kolkata")).toBe("2026-11-20");
    expect(contextAt(kolkata, { zone: "Asia/Kolkata" }).previous_anonymous_id).not.toBeNull();
    expect(contextAt(kolkata + HOUR, { zone: "Asia/Kolkata" }).previous_anonymous_id).toBeNull();
    // Clocks in Beirut change at midnight: 2026-03-29 starts at 01:00 local, 22:00 UTC.
    const beirut = Date.UTC(2026, 2, 28, 22);
    expect(saltDay(beirut - 1, "Asia/Beirut")).toBe("2026-03-28");
    expect(saltDay(beirut, "Asia/Beirut")).toBe("2026-03-29");
    expect(contextAt(beirut, { zone: "Asia/Beirut" }).previous_anonymous_id).not.toBeNull();
  });
});

describe("the address", () => {
  test("is nowhere in messages and points", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (ip) => {
        fc.pre(ip.length > 6);
        const sender = makeSender({ ip });
        const project = makeProject();
        const request = { events: [makeEvent()], key: { key: "k", content: null }, project, now: NOON };
        const live = accept({ ...request, sender, contextOf: edgeContext(sender, SALTS, "p1", "UTC", NOON) });
        const events = [makeEvent({ context: { ip } })];
        const past = accept({ ...request, events, sender: null, contextOf: importContext("s", "p1", "UTC") });
        expect(JSON.stringify([live, past])).not.toContain(ip);
      }),
    );
  });
});

describe("imports", () => {
  const project = makeProject({ timezone: "Europe/Paris" });
  const run = (events: unknown[], secret = "secret", now = NOON) =>
    accept({
      events,
      key: { key: "k", content: null },
      sender: null,
      contextOf: importContext(secret, project.id, project.timezone),
      project,
      now,
    });
  const line = (
    timestamp: string,
    context: object | null = { ip: IP, user_agent: "Mozilla/5.0" },
    more = {},
  ) => makeEvent({ event_id: "e", session_id: undefined, timestamp, context, ...more });
  const contextOf = (event: unknown) => run([event]).messages[0]?.contexts[0];

  test("accept any past time, and use the time of receipt for the future", () => {
    const [old, early, ahead] = ["2015-05-17T10:05:03Z", "1969-01-01T00:00:00Z", "2027-01-01T00:00:00Z"].map(
      (time) => run([line(time)]).messages[0]?.events[0],
    );
    expect(old).toMatchObject({ timestamp: Date.UTC(2015, 4, 17, 10, 5, 3), clock_skewed: false });
    expect(early).toMatchObject({ timestamp: NOON, clock_skewed: true });
    expect(ahead).toMatchObject({ timestamp: NOON, clock_skewed: true });
  });

  test("imported twice, a line makes the same event and the same visitor; on another day another visitor", () => {
    const first = contextOf(line("2015-05-17T10:00:00Z"));
    const later = run([line("2015-05-17T10:00:00Z")], "secret", NOON + 1e9).messages[0]?.contexts[0];
    expect(later).toEqual(first);
    expect(contextOf(line("2015-05-17T21:59:59Z"))?.anonymous_id).toBe(first?.anonymous_id);
    expect(contextOf(line("2015-05-17T22:00:00Z"))?.anonymous_id).not.toBe(first?.anonymous_id);
    expect(run([line("2015-05-17T10:00:00Z")], "other").messages[0]?.contexts[0]?.anonymous_id).not.toBe(
      first?.anonymous_id,
    );
  });

  test("a session continues past midnight there too", () => {
    const before = contextOf(line("2015-05-17T21:59:59Z"));
    expect(contextOf(line("2015-05-17T22:30:00Z"))?.previous_anonymous_id).toBe(before?.anonymous_id);
    expect(contextOf(line("2015-05-17T23:00:00Z"))?.previous_anonymous_id).toBeNull();
  });

  test("context is what the line states", () => {
    const context = {
      ip: IP,
      user_agent:
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
      country: "fr",
      region: "Brittany",
      city: "Rennes",
    };
    expect(contextOf(line("2015-05-17T10:00:00Z", context))).toMatchObject({
      country: "FR",
      region: "Brittany",
      city: "Rennes",
      browser: "Safari",
      browser_version: "17.5",
      os: "macOS",
      os_version: "10.15",
      device: "desktop",
    });
  });

  test("without an address the session, else the event itself, identifies the visitor", () => {
    const id = (more: object) => contextOf(line("2015-05-17T10:00:00Z", null, more))?.anonymous_id;
    expect(id({ session_id: "s", event_id: "1" })).toBe(id({ session_id: "s", event_id: "2" }));
    expect(id({ event_id: "1" })).not.toBe(id({ event_id: "2" }));
    expect(id({ event_id: "1" })).not.toBe(id({ session_id: "1", event_id: "1" }));
    expect(contextOf(line("2015-05-17T10:00:00Z", { country: "FR" }))).toMatchObject({
      ip_hash: null,
      country: "FR",
    });
  });

  test("bots in a log are dropped by user agent, libraries included, and counted in the answer", () => {
    const agents = [
      "Mozilla/5.0 (compatible; Googlebot/2.1)",
      "curl/8.5.0",
      "Mozilla/5.0 Chrome/126 Safari/537.36",
    ];
    const { dropped, answer } = run(
      agents.map((user_agent) => line("2015-05-17T10:00:00Z", { ip: IP, user_agent })),
    );
    expect(dropped).toEqual({ bot: 2 });
    expect(answer).toEqual({ accepted: 3, rejected: [] });
  });

  test("an invalid context is reported", () => {
    const { answer } = run([line("2015-05-17T10:00:00Z", { country: "France" })]);
    expect(answer.rejected).toMatchObject([{ index: 0, field: "context.country" }]);
  });
});
