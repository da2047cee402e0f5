/** Labels and components of the source pages, rendered as on the server. */
import { renderToString } from "solid-js/web";
import { describe, expect, it } from "vitest";
import { bytesText } from "../../app/src/views/sources/bytes";
import { intervalLabel, sourceErrorLabel, sourceStatus } from "../../app/src/views/sources/labels";
import { syncedShare } from "../../app/src/views/sources/live";
import { ProgressStrip } from "../../app/src/views/sources/progress-strip";
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
    ["Delayed: synced 3 hours ago", source({ synced_at: NOW - 180 * MINUTE_MS })],
    ["Paused", source({ status: "paused" })],
    ["Not connected", source({ status: "connecting" })],
    ["Action needed", source({ status: "broken" })],
    ["Not synced yet", source({ synced_at: null })],
  ])("has the status: %s", (word, given) => {
    expect(sourceStatus(given, false, NOW, "en").text).toBe(word);
  });

  it("is neither delayed nor up to date while it syncs", () => {
    expect(sourceStatus(source({ synced_at: 1 }), true, NOW, "en").text).toBe("Syncing");
  });
});

it("every error has a title, a detail and an action", () => {
  for (const code of SOURCE_ERRORS) {
    const label = sourceErrorLabel({ code }, "Stripe");
    expect(label.title.length, code).toBeGreaterThan(10);
    expect(label.detail, code).toMatch(/\.$/);
  }
  expect(sourceErrorLabel({ code: "auth" }, "Stripe").action).toBe("consent");
});

it("formats intervals and numbers of bytes", () => {
  expect([15, 60, 180, 1440].map((minutes) => intervalLabel(minutes, "en"))).toEqual([
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

  it("has the share of synced days of its streams", () => {
    expect(syncedShare(progress)).toBeCloseTo((30 + 90) / 180);
    expect(syncedShare([stream({ total: null })])).toBeNull();
  });

  it("fills its strips from the right, with a text for screen readers", () => {
    const names = new Map([["days", "Ads by day"]]);
    const html = renderToString(() => (
      <ProgressStrip progress={progress} names={names} timezone="UTC" axis />
    ));
    expect(html).toContain('aria-label="Ads by day"');
    expect(html).toContain('aria-valuetext="30 of 90, 12 records"');
    expect(html).toContain("--bare:66.6");
    expect(html.match(/role="progressbar"/g)).toHaveLength(3);
  });
});
