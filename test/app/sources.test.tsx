/** Sources as their pages say them, rendered as the server does. */
import { renderToString } from "solid-js/web";
import { describe, expect, it } from "vitest";
import { bytesText } from "../../app/src/views/sources/bytes";
import { everyWords, standing, troubleWords } from "../../app/src/views/sources/labels";
import { shareRead } from "../../app/src/views/sources/live";
import { Weaving } from "../../app/src/views/sources/progress-strip";
import { SOURCE_ERRORS, type Source, type StreamProgress } from "../../schema/wire/source";

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;

const source = (given: Partial<Source> = {}): Source => ({
  id: "s1",
  project_id: "p1",
  driver: "stripe",
  name: "Stripe",
  settings: {},
  accounts: [],
  status: "active",
  error: null,
  interval_minutes: 60,
  next_sync_at: NOW,
  running: null,
  synced_at: NOW - 30 * MINUTE_MS,
  access_expires_at: null,
  quality: null,
  created_at: 0,
  ...given,
});
const stream = (given: Partial<StreamProgress>): StreamProgress => ({
  stream: "days",
  status: "running",
  done: 0,
  total: 90,
  records: 0,
  waiting_until: null,
  error: null,
  ...given,
});

describe("a source", () => {
  it.each([
    ["Up to date", source()],
    ["Late: read 3 hours ago", source({ synced_at: NOW - 180 * MINUTE_MS })],
    ["Paused", source({ status: "paused" })],
    ["Not connected yet", source({ status: "connecting" })],
    ["Needs you", source({ status: "broken" })],
    ["Not read yet", source({ synced_at: null })],
  ])("is said to be: %s", (word, given) => {
    expect(standing(given, false, NOW, "en").word).toBe(word);
  });

  it("that is being read is neither late nor up to date", () => {
    expect(standing(source({ synced_at: 1 }), true, NOW, "en").word).toBe("Reading now");
  });
});

it("every error says what happened, what is safe and what a person can do", () => {
  for (const code of SOURCE_ERRORS) {
    const words = troubleWords({ code }, "Stripe");
    expect(words.title.length, code).toBeGreaterThan(10);
    expect(words.safe, code).toMatch(/\.$/);
  }
  expect(troubleWords({ code: "auth" }, "Stripe").need).toBe("consent");
});

it("intervals and amounts of data are written as people say them", () => {
  expect([15, 60, 180, 1440].map((minutes) => everyWords(minutes, "en"))).toEqual([
    "every 15 minutes",
    "every hour",
    "every 3 hours",
    "once a day",
  ]);
  expect([0, 640, 1_240, 48_000_000].map((bytes) => bytesText(bytes, "en"))).toEqual([
    "0 B",
    "640 B",
    "1.2 kB",
    "48 MB",
  ]);
});

describe("a run", () => {
  const progress = [
    stream({ done: 30, records: 12 }),
    stream({ stream: "done", status: "complete", done: 3, records: 9 }),
    stream({ stream: "list", total: null, done: 4, records: 200 }),
  ];

  it("is read as far as the days of its streams are", () => {
    expect(shareRead(progress)).toBeCloseTo((30 + 90) / 180);
    expect(shareRead([stream({ total: null })])).toBeNull();
  });

  it("is woven from the right, with words for those who do not see it", () => {
    const names = new Map([["days", "Ads by day"]]);
    const html = renderToString(() => <Weaving progress={progress} names={names} timezone="UTC" axis />);
    expect(html).toContain('aria-label="Ads by day"');
    expect(html).toContain('aria-valuetext="30 of 90, 12 records"');
    expect(html).toContain("--bare:66.6");
    expect(html.match(/role="progressbar"/g)).toHaveLength(3);
  });
});
