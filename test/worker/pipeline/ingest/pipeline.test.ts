import { describe, expect, test } from "vitest";
import type { Message } from "../../../../schema/wire/message";
import { CHANNELS } from "../../../../schema/wire/row";
import { accept, edgeContext } from "../../../../worker/pipeline/ingest";
import { makeEvent, makeProject, makeSender } from "../../../support/make-event";

const NOW = Date.UTC(2026, 10, 20, 12);
const SALTS = { today: "salt-a", yesterday: "salt-b" };

interface Given {
  events?: unknown[];
  event?: Record<string, unknown>;
  sender?: Parameters<typeof makeSender>[0];
  project?: Parameters<typeof makeProject>[0];
  now?: number;
}

function acceptOne(given: Given) {
  const sender = makeSender(given.sender);
  const project = makeProject(given.project);
  const now = given.now ?? NOW;
  const contextOf = edgeContext(sender, SALTS, project.id, project.timezone, now);
  const events = given.events ?? [makeEvent(given.event)];
  return accept({ events, key: { key: "k", content: null }, sender, contextOf, project, now });
}

function only(given: Given): Message["events"][number] {
  const { messages } = acceptOne(given);
  expect(messages).toHaveLength(1);
  expect(messages[0]?.events).toHaveLength(1);
  const event = messages[0]?.events[0];
  if (!event) throw new Error("no event");
  return event;
}

const page = (page_url: string, project: Given["project"] = {}) => only({ event: { page_url }, project });

describe("putIds", () => {
  test("copies sent values", () => {
    const event = only({
      event: { event: " signup ", event_id: "e1", distinct_id: "u1", title: "T", screen: "1x1" },
    });
    expect(event).toMatchObject({
      event_name: "signup",
      event_id: "e1",
      distinct_id: "u1",
      session_id: "session-1",
      title: "T",
      screen: "1x1",
    });
  });

  test("an event without id gets one from the key and its index, the same each time", () => {
    const twice = [0, 1].map(() => acceptOne({ events: [makeEvent(), makeEvent()] }));
    const ids = twice.map(({ messages }) => messages[0]?.events.map((event) => event.event_id));
    expect(new Set(ids[0]).size).toBe(2);
    expect(ids[1]).toEqual(ids[0]);
  });
});

describe("putTimestamp", () => {
  const HOUR = 3_600_000;
  const cases: [string, unknown, number, boolean][] = [
    ["none", undefined, NOW, false],
    ["now, ISO", new Date(NOW).toISOString(), NOW, false],
    ["with offset", "2026-11-20T13:00:00+01:00", NOW, false],
    ["without offset is UTC", "2026-11-20T12:00:00", NOW, false],
    ["72 h ago", NOW - 72 * HOUR, NOW - 72 * HOUR, false],
    ["older", NOW - 72 * HOUR - 1, NOW, true],
    ["10 min ahead", NOW + HOUR / 6, NOW + HOUR / 6, false],
    ["further ahead", NOW + HOUR / 6 + 1, NOW, true],
  ];
  test.each(cases)("%s", (_, timestamp, expected, skewed) => {
    expect(only({ event: { timestamp } })).toMatchObject({ timestamp: expected, clock_skewed: skewed });
  });
});

describe("putPage", () => {
  test("splits the URL and stores only allowed parameters", () => {
    expect(
      page("https://www.shop.example:8080/a/b?utm_source=x&email=a@b.c&ref=y&source=z&q=1#top"),
    ).toMatchObject({
      page_url: "https://www.shop.example:8080/a/b?utm_source=x&ref=y&source=z",
      path: "/a/b",
      hostname: "www.shop.example",
      utm_source: "x",
    });
  });

  test("stores parameters that the project lists", () => {
    const settings = { url_parameters: ["q"] };
    expect(page("https://shop.example/s?q=shoes&t=secret", { settings }).page_url).toBe(
      "https://shop.example/s?q=shoes",
    );
  });

  test("a hash route is part of the path, another fragment is not", () => {
    expect(page("https://shop.example/app#/orders/7?token=x").path).toBe("/app#/orders/7");
    expect(page("https://shop.example/app#token=x")).toMatchObject({
      path: "/app",
      page_url: "https://shop.example/app",
    });
  });

  test("drops user names and passwords", () => {
    expect(page("https://me:secret@shop.example/").page_url).toBe("https://shop.example/");
  });

  test("all five utm_* values are read", () => {
    const query = "utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=d";
    expect(page(`https://shop.example/?${query}`)).toMatchObject({
      utm_source: "s",
      utm_medium: "m",
      utm_campaign: "c",
      utm_term: "t",
      utm_content: "d",
    });
  });

  test("accepts a path alone and an app's own scheme, ignores what is not a URL", () => {
    expect(page("/pricing")).toMatchObject({ path: "/pricing", hostname: null, page_url: "/pricing" });
    expect(page("app://screen/home")).toMatchObject({ path: "/home", hostname: "screen" });
    expect(page("not a url")).toMatchObject({ path: null, hostname: null, page_url: null });
  });
});

describe("putReferrer, putSource, putChannel", () => {
  const from = (referrer: string | undefined, query = "") =>
    only({ event: { referrer, page_url: `https://www.shop.example/${query}` } });
  const cases: [string, string | undefined, string, string | null, (typeof CHANNELS)[number]][] = [
    ["nothing", undefined, "", null, "Direct"],
    ["not a URL", "somewhere", "", null, "Direct"],
    ["own host", "https://shop.example/cart", "", null, "Direct"],
    ["another site", "https://blog.example/post?id=7", "", "blog.example", "Referral"],
    ["search", "https://www.google.com/", "", "Google", "Organic search"],
    ["search in a country", "https://www.google.co.uk/url", "", "Google", "Organic search"],
    ["a mail host of a search engine", "https://mail.google.com/mail/u/0", "", "Gmail", "Email"],
    ["app", "android-app://com.google.android.googlequicksearchbox/", "", "Google", "Organic search"],
    ["social", "https://l.facebook.com/l.php", "", "Facebook", "Organic social"],
    ["short link", "https://t.co/abc", "", "X", "Organic social"],
    ["video", "https://m.youtube.com/watch", "", "YouTube", "Video"],
    ["shopping", "https://www.amazon.de/dp/1", "", "Amazon", "Organic shopping"],
    ["assistant by referrer", "https://chatgpt.com/", "", "ChatGPT", "AI assistant"],
    ["assistant by tag", undefined, "?utm_source=chatgpt.com", "ChatGPT", "AI assistant"],
    ["assistant under a search host", "https://gemini.google.com/app", "", "Gemini", "AI assistant"],
    ["tag before referrer", "https://www.google.com/", "?utm_source=partner", "partner", "Referral"],
    [
      "tag with a known short name",
      undefined,
      "?utm_source=fb&utm_medium=paid_social",
      "Facebook",
      "Paid social",
    ],
    ["paid search by medium", undefined, "?utm_source=google&utm_medium=cpc", "Google", "Paid search"],
    ["paid search by click id", "https://www.google.com/", "?gclid=1", "Google", "Paid search"],
    ["click id alone", undefined, "?msclkid=1", "Bing", "Paid search"],
    ["paid social by click id", undefined, "?ttclid=1", "TikTok", "Paid social"],
    ["LinkedIn's click id", undefined, "?li_fat_id=1", "LinkedIn", "Paid social"],
    ["Facebook's is on unpaid links too", undefined, "?fbclid=1", "Facebook", "Organic social"],
    ["paid elsewhere", undefined, "?utm_source=partner&utm_medium=cpc", "partner", "Paid other"],
    [
      "paid shopping",
      undefined,
      "?utm_source=google&utm_medium=cpc&utm_campaign=shopping-de",
      "Google",
      "Paid shopping",
    ],
    ["display", undefined, "?utm_source=google&utm_medium=banner", "Google", "Display"],
    ["newsletter", undefined, "?utm_source=acme&utm_medium=email", "acme", "Email"],
    ["affiliate", undefined, "?utm_source=acme&utm_medium=affiliate", "acme", "Affiliate"],
    ["sms", undefined, "?utm_source=acme&utm_medium=sms", "acme", "SMS"],
    ["push", undefined, "?utm_source=acme&utm_medium=web_push", "acme", "Push"],
    ["audio", undefined, "?utm_source=acme&utm_medium=audio", "acme", "Audio"],
    ["ref parameter", undefined, "?ref=producthunt", "Product Hunt", "Organic social"],
  ];
  test.each(cases)("%s", (_, referrer, query, source, channel) => {
    expect(from(referrer, query)).toMatchObject({ source, channel });
    expect(CHANNELS).toContain(channel);
  });

  test("a referrer has only origin and path; click ids are removed from the URL", () => {
    expect(from("https://blog.example/post?id=7#c", "?gclid=1")).toMatchObject({
      referrer: "https://blog.example/post",
      page_url: "https://www.shop.example/",
    });
  });
});

describe("putLanguage, putProperties", () => {
  test("the sender's language, else the header's first", () => {
    expect(only({ event: { language: "de-AT" } }).language).toBe("de-AT");
    expect(only({}).language).toBe("fr-FR");
    expect(only({ sender: { accept_language: null } }).language).toBeNull();
  });

  test("denied properties are removed, and null is stored when none are left", () => {
    const settings = { property_denylist: ["email"] };
    const event = { properties: { email: "a@b.c", plan: "pro" } };
    expect(only({ event, project: { settings } }).properties).toBe('{"plan":"pro"}');
    expect(only({ event: { properties: { email: "x" } }, project: { settings } }).properties).toBeNull();
    expect(only({ event: { properties: {} } }).properties).toBeNull();
    expect(only({ event: { properties: { $webdriver: false, a: 1 } } }).properties).toBe('{"a":1}');
  });
});

describe("drops", () => {
  const CURL = "curl/8.5.0";
  const local = (page_url: string, domain: string | null) => ({ event: { page_url }, project: { domain } });
  const cases: [string, Given, string | null][] = [
    ["a person", {}, null],
    ["webdriver", { event: { properties: { $webdriver: true } } }, "webdriver"],
    ["crawler", { sender: { user_agent: "Mozilla/5.0 (compatible; Googlebot/2.1)" } }, "bot"],
    ["crawler that calls the API itself", { sender: { user_agent: "Googlebot/2.1", page: false } }, "bot"],
    ["library that plays a page", { sender: { user_agent: CURL } }, "bot"],
    ["library that calls the API itself", { sender: { user_agent: CURL, page: false } }, null],
    ["data center by number", { sender: { asn: 16509 } }, "data_center"],
    ["data center by name", { sender: { asn: 64500, network: "Fast Hosting Ltd" } }, "data_center"],
    ["server in a data center", { sender: { asn: 16509, page: false } }, null],
    ["spam host", { event: { referrer: "https://sub.semalt.com/x" } }, "spam_referrer"],
    ["spam name", { event: { referrer: "https://free-web-traffic.example/" } }, "spam_referrer"],
    ["localhost", local("http://localhost:3000/", "shop.example"), "local"],
    ["private address", local("http://192.168.1.4/", "shop.example"), "local"],
    ["file", local("file:///home/me/index.html", "shop.example"), "local"],
    ["localhost without a domain", local("http://localhost:3000/", null), null],
    ["localhost that is listed", local("http://localhost:3000/", "shop.example, localhost:3000"), null],
    ["a path alone", local("/pricing", "shop.example"), null],
  ];
  test.each(cases)("%s", (_, given, reason) => {
    expect(only(given).drop_reason).toBe(reason);
    const { answer, dropped, messages } = acceptOne(given);
    expect(answer).toEqual({ accepted: 1, rejected: [] });
    expect(dropped).toEqual(reason ? { [reason]: 1 } : {});
    expect(messages[0]?.refused).toEqual({});
  });

  test("nothing drops as a bot when the project does not filter", () => {
    const project = { settings: { filter_bots: false } };
    const sender = { user_agent: "Googlebot/2.1", asn: 16509 };
    const event = { properties: { $webdriver: true }, referrer: "https://semalt.com" };
    expect(only({ project, sender, event }).drop_reason).toBeNull();
  });

  test("a dropped event is enriched like any other, so that it can be restored", () => {
    const event = {
      properties: { $webdriver: true, plan: "pro" },
      page_url: "https://shop.example/x?utm_source=fb",
    };
    expect(only({ event })).toMatchObject({ path: "/x", source: "Facebook", properties: '{"plan":"pro"}' });
  });
});

describe("opt-out", () => {
  const cases: [string, Given, boolean][] = [
    ["GPC", { sender: { gpc: true } }, true],
    ["GPC, not honored", { sender: { gpc: true }, project: { settings: { honor_gpc: false } } }, false],
    ["DNT by default", { sender: { dnt: true } }, false],
    ["DNT, honored", { sender: { dnt: true }, project: { settings: { honor_dnt: true } } }, true],
  ];
  test.each(cases)("%s", (_, given, out) => {
    const { messages, answer } = acceptOne({ ...given, events: [makeEvent(), makeEvent(), { event: 7 }] });
    expect(messages).toHaveLength(1);
    expect(messages[0]?.events).toHaveLength(out ? 0 : 2);
    expect(messages[0]?.contexts).toHaveLength(out ? 0 : 1);
    expect(messages[0]?.refused).toEqual(out ? { invalid: 1, opt_out: 2 } : { invalid: 1 });
    expect(answer.accepted).toBe(out ? 0 : 2);
  });
});

describe("rejections", () => {
  const cases: [string, unknown, string, string | undefined][] = [
    ["not an object", "page_view", "invalid_type", undefined],
    ["null", null, "invalid_type", undefined],
    ["no name", {}, "required", "event"],
    ["a number for a name", { event: 7 }, "invalid_type", "event"],
    ["an empty name", { event: "  " }, "empty", "event"],
    ["a long name", { event: "x".repeat(256) }, "too_long", "event"],
    ["a long distinct_id", makeEvent({ distinct_id: "x".repeat(256) }), "too_long", "distinct_id"],
    ["a long session_id", makeEvent({ session_id: "x".repeat(65) }), "too_long", "session_id"],
    ["properties that are a list", makeEvent({ properties: [1] }), "invalid_type", "properties"],
    ["large properties", makeEvent({ properties: { a: "x".repeat(32 * 1024) } }), "too_large", "properties"],
    ["properties of quotes", makeEvent({ properties: { a: '"'.repeat(15_000) } }), "too_large", undefined],
    ["yesterday", makeEvent({ timestamp: "yesterday" }), "invalid_format", "timestamp"],
    ["half a millisecond", makeEvent({ timestamp: 1.5 }), "invalid_format", "timestamp"],
  ];
  test.each(cases)("%s", (_, raw, code, field) => {
    const { messages, answer } = acceptOne({ events: [makeEvent(), raw] });
    expect(answer.accepted).toBe(1);
    expect(answer.rejected).toHaveLength(1);
    expect(answer.rejected[0]).toMatchObject({ index: 1, code });
    expect(answer.rejected[0]?.field).toBe(field);
    expect(messages[0]?.events).toHaveLength(1);
    expect(messages[0]?.refused).toEqual({ invalid: 1 });
  });

  test("a request of nothing but bad events is counted in a message without events", () => {
    const { messages, answer } = acceptOne({ events: [{}, {}] });
    expect(messages).toMatchObject([{ key: "p1/k/0", events: [], contexts: [], refused: { invalid: 2 } }]);
    expect(answer).toMatchObject({ accepted: 0, rejected: [{ index: 0 }, { index: 1 }] });
  });
});
