/** Threads of comments, mentions, flags on an axis, days of a time zone. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketAt, type Flag, polesOf } from "../../app/src/charts/flags";
import { colorOf, initials } from "../../app/src/views/discussion/avatar";
import { dayStart } from "../../app/src/views/discussion/days";
import { completed, fitting, partsOf, stored, typed, typingAt } from "../../app/src/views/discussion/mention";
import { othersHere } from "../../app/src/views/discussion/thread-context";
import { flagsOf, openOn, pick, threadsOf } from "../../app/src/views/discussion/threads";
import type { Comment } from "../../schema/wire/discussion";

const ada = { user_id: "u1", name: "Ada Lovelace" };
const grace = { user_id: "u2", name: "Grace Hopper" };
const HOUR_MS = 3_600_000;

function say(id: string, minute: number, more: Partial<Comment> = {}): Comment {
  return {
    id,
    dashboard_id: "d1",
    widget_id: null,
    at: null,
    parent_id: null,
    author: ada,
    body: id,
    mentions: [],
    created_at: minute * 60_000,
    edited_at: null,
    deleted_at: null,
    resolved_at: null,
    resolved_by: null,
    ...more,
  };
}

describe("threads", () => {
  const comments = [
    say("a", 1, { widget_id: "w1", at: 500 }),
    say("a1", 9, { parent_id: "a", author: grace }),
    say("a2", 8, { parent_id: "a" }),
    say("b", 5, { resolved_at: 6, resolved_by: grace }),
    say("c", 3, { widget_id: "w1" }),
    say("gone", 7, { deleted_at: 8 }),
    say("kept", 2, { deleted_at: 8 }),
    say("k1", 4, { parent_id: "kept" }),
  ];
  const threads = threadsOf(comments);

  it("are sorted by newest comment, with replies in order", () => {
    expect(threads.map(({ key }) => key)).toEqual(["a", "b", "kept", "c"]);
    expect(threads[0]?.answers.map(({ id }) => id)).toEqual(["a2", "a1"]);
  });

  it("are filtered by state and place", () => {
    const keys = (...args: Parameters<typeof pick>) => pick(...args).map(({ key }) => key);
    expect(keys(threads, "open", null)).toEqual(["a", "kept", "c"]);
    expect(keys(threads, "resolved", null)).toEqual(["b"]);
    expect(keys(threads, "all", { widget: "w1", at: null })).toEqual(["a", "c"]);
    expect(keys(threads, "all", { widget: "w1", at: 500 })).toEqual(["a"]);
    expect(openOn(threads, null).map(({ key }) => key)).toEqual(["kept"]);
    expect(flagsOf(threads, "w1")).toEqual([
      { id: "a", at: 500, until: null, text: "Ada Lovelace: a", kind: "comment" },
    ]);
  });

  it("list other viewers once each", () => {
    const at = (person: typeof ada, dashboard_id: string | null) => ({ ...person, dashboard_id });
    const present = [at(ada, "d1"), at(grace, "d1"), at(grace, "d1"), at({ ...grace, user_id: "u3" }, null)];
    const about = { dashboard: "d1", me: { ...ada, role: "viewer" as const } };
    expect(othersHere(present, about).map(({ user_id }) => user_id)).toEqual(["u2"]);
  });
});

describe("mentions", () => {
  const people = [ada, grace, { user_id: "u3", name: "Ada" }];

  it("are stored with the user id and edited by name", () => {
    expect(stored("ask @Ada Lovelace and @ada, not ada@example.com", people)).toBe(
      "ask @[Ada Lovelace](u1) and @[Ada](u3), not ada@example.com",
    );
    expect(typed("ask @[Ada Lovelace](u1) at https://example.com/a?b=1.")).toBe(
      "ask @Ada Lovelace at https://example.com/a?b=1.",
    );
  });

  it("are parts of the text, as are URLs", () => {
    expect(partsOf("hi @[Ada](u3): https://example.com/x.")).toEqual([
      { text: "hi " },
      { mention: { name: "Ada", user_id: "u3" } },
      { text: ": " },
      { link: "https://example.com/x" },
      { text: "." },
    ]);
    expect(partsOf("javascript:alert(1) <b>")).toEqual([{ text: "javascript:alert(1) <b>" }]);
  });

  it("do not change other text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(typed(stored(text, []))).toBe(typed(text));
        expect(stored(text, [])).toBe(text);
      }),
    );
  });

  it("are completed at the caret", () => {
    expect(typingAt("hello @gr", 9)).toEqual({ from: 6, query: "gr" });
    expect(typingAt("a@gr", 4)).toBeUndefined();
    expect(typingAt("@ada said", 0)).toBeUndefined();
    expect(fitting(people, "hop").map(({ name }) => name)).toEqual(["Grace Hopper"]);
    expect(fitting(people, "ada").map(({ name }) => name)).toEqual(["Ada", "Ada Lovelace"]);
    expect(completed("hello @gr there", 9, { from: 6, query: "gr" }, "Grace Hopper")).toEqual({
      text: "hello @Grace Hopper there",
      caret: 20,
    });
  });
});

describe("avatars", () => {
  it("show initials in a stable color", () => {
    expect([initials("Ada Lovelace"), initials("grace"), initials(" ")]).toEqual(["AL", "G", "?"]);
    expect(colorOf("u1")).toBe(colorOf("u1"));
    for (const id of ["a", "b", "c"]) expect(colorOf(id)).toBeGreaterThan(1);
  });
});

describe("flags", () => {
  const flag = (id: string, at: number, until: number | null = null): Flag => ({
    id,
    at,
    until,
    text: id,
    kind: "note",
  });

  it("are in the bucket that contains them", () => {
    expect([0, 9, 10, 29, 30, -1].map((at) => bucketAt([0, 10, 20], 30, at))).toEqual([0, 0, 1, 2, -1, -1]);
    const poles = polesOf([flag("c", 25), flag("b", 12), flag("a", 11), flag("x", 40)], [0, 10, 20], 30);
    expect(poles.map(({ index, flags }) => [index, flags.map(({ id }) => id)])).toEqual([
      [1, ["a", "b"]],
      [2, ["c"]],
    ]);
  });

  it("of a range that began earlier are in the first bucket", () => {
    expect(polesOf([flag("a", -5, 5), flag("b", -5, -1)], [0, 10], 20)).toEqual([
      { index: 0, flags: [flag("a", -5, 5)] },
    ]);
    expect(polesOf([flag("a", 0)], [], 0)).toEqual([]);
  });
});

describe("days of a time zone", () => {
  it("begin at midnight, or at the first moment after it", () => {
    expect(dayStart("2026-07-01", "UTC")).toBe(Date.UTC(2026, 6, 1));
    expect(dayStart("2026-11-12", "Asia/Kathmandu")).toBe(Date.UTC(2026, 10, 12) - 5.75 * HOUR_MS);
    expect(dayStart("2026-11-01", "America/New_York")).toBe(Date.UTC(2026, 10, 1, 4));
    expect(dayStart("2026-11-02", "America/New_York")).toBe(Date.UTC(2026, 10, 2, 5));
    // Clocks in Cairo go from 0:00 to 1:00 on the last Friday of April.
    expect(dayStart("2026-04-24", "Africa/Cairo")).toBe(Date.UTC(2026, 3, 23, 22));
  });
});
