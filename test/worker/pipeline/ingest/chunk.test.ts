import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_MESSAGE_BYTES, type MessageBody, messageSchema } from "../../../../schema/wire/message";
import { accept, edgeContext, importContext, requestKeyOf } from "../../../../worker/pipeline/ingest";
import { isRejection, parseEvent } from "../../../../worker/pipeline/ingest/parse";
import { batchesOf, bodiesOf, serialize } from "../../../../worker/pipeline/ingest/send";
import { makeEvent, makeProject, makeSender } from "../../../support/make-event";

const NOW = Date.UTC(2026, 10, 20, 12);
const SALTS = { today: "salt-a", yesterday: "salt-b" };

/** The most expensive text: quotes, controls, other scripts, halves of surrogate pairs, percent signs. */
const hostile = (maxLength: number) =>
  fc
    .array(
      fc.constantFrom("a", '"', "\\", "\u0001", "é", "你", "😀", "\ud800", "%22", "%E4", "&", "=", "/", "."),
      {
        maxLength,
        size: "max",
      },
    )
    .map((parts) => parts.join(""));
const cut = (text: string, max: number) => text.slice(0, max);

const address = fc
  .tuple(fc.constantFrom("https://", "http://", "app://", "/", ""), hostile(40), hostile(900), hostile(600))
  .map(([scheme, host, path, tag]) =>
    cut(`${scheme}${host}/${path}?utm_source=${tag}&utm_campaign=${tag}&ref=${tag}&q=${tag}`, 4096),
  );

const event = fc.record(
  {
    event: hostile(255).map((text) => cut(`x${text}`, 255)),
    properties: fc.dictionary(hostile(20), hostile(3000), { maxKeys: 4 }),
    distinct_id: hostile(255).map((text) => cut(`x${text}`, 255)),
    session_id: hostile(60).map((text) => cut(`x${text}`, 64)),
    event_id: fc.uuid(),
    page_url: address,
    referrer: address,
    title: hostile(512).map((text) => cut(text, 512)),
    language: fc.constantFrom("fr", "\u0001".repeat(35)),
    screen: fc.constant("1440x900"),
    timestamp: fc.constantFrom(NOW, "2026-11-20T12:00:00Z", 1),
    context: fc.record({
      user_agent: hostile(1000).map((text) => cut(text, 1024)),
      ip: fc.ipV6(),
      city: hostile(100),
    }),
  },
  { requiredKeys: ["event"] },
);
const small = fc.record({ event: fc.constantFrom("a", "b"), n: fc.nat() });
const requests = fc.array(fc.oneof({ weight: 3, arbitrary: event }, small, fc.constant({})), {
  minLength: 1,
  maxLength: 60,
  size: "max",
});

const project = makeProject({ id: `p${"0".repeat(26)}` });
const wide = "\u00ff".repeat(512);
const sender = makeSender({ user_agent: wide, region: "你".repeat(128), city: "你".repeat(128) });
const key = requestKeyOf({ header: "x".repeat(64), batch_id: undefined, events: [], now: NOW });

function ingest(events: unknown[], now = NOW, settings = {}) {
  const contextOf = edgeContext(sender, SALTS, project.id, "UTC", now);
  return accept({ events, key, sender, contextOf, project: makeProject({ id: project.id, settings }), now });
}

function imported(events: unknown[]) {
  return accept({
    events,
    key,
    sender: null,
    contextOf: importContext("s", project.id, "UTC"),
    project,
    now: NOW,
  });
}

describe("messages", () => {
  test("never exceed the Queue's billing unit, whatever is sent", () => {
    fc.assert(
      fc.property(requests, (events) => {
        for (const message of [...ingest(events).messages, ...imported(events).messages]) {
          expect(serialize(message).bytes).toBeLessThanOrEqual(MAX_MESSAGE_BYTES - 100);
          messageSchema.parse(message);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("are no larger than estimated for each event", () => {
    fc.assert(
      fc.property(event, fc.boolean(), (raw, past) => {
        const parsed = parseEvent(raw, 0, past);
        if (isRejection(parsed)) return;
        const { messages } = past ? imported([raw]) : ingest([raw]);
        const own = past && raw.context !== undefined ? messages[0]?.contexts : [];
        const bytes = Buffer.byteLength(JSON.stringify([messages[0]?.events, own]));
        expect(bytes).toBeLessThanOrEqual(parsed.bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test("contain each event that was not rejected, in order, once", () => {
    fc.assert(
      fc.property(requests, (events) => {
        const { messages, answer } = ingest(events);
        const rejected = new Set(answer.rejected.map(({ index }) => index));
        const names = events
          .filter((_, index) => !rejected.has(index))
          .map((e) => ("event" in e ? e.event.trim() : ""));
        expect(messages.flatMap((message) => message.events.map((e) => e.event_name))).toEqual(names);
        expect(answer.accepted).toBe(names.length);
        expect(messages[0]?.refused.invalid ?? 0).toBe(rejected.size);
      }),
      { numRuns: 50 },
    );
  });

  test("are cut at the same places when sent again later with other settings", () => {
    fc.assert(
      fc.property(requests, (events) => {
        const cuts = (accepted: ReturnType<typeof ingest>) =>
          accepted.messages.map((message) => [
            message.key,
            message.events.map((e) => [e.event_id, e.event_name]),
          ]);
        const again = JSON.parse(JSON.stringify(events));
        const settings = { property_denylist: ["a"], filter_bots: false, url_parameters: ["q"] };
        expect(cuts(ingest(again, NOW + 80 * 3_600_000, settings))).toEqual(cuts(ingest(events)));
      }),
      { numRuns: 50 },
    );
  });

  test("ten ordinary events are one message, and five hundred few", () => {
    const events = Array.from({ length: 500 }, (_, n) => makeEvent({ properties: { plan: "pro", n } }));
    expect(ingest(events.slice(0, 10)).messages).toHaveLength(1);
    expect(ingest(events).messages.length).toBeLessThan(12);
  });

  test("an import's message lists each sender once", () => {
    const context = (ip: string) => ({ user_agent: "Mozilla/5.0", ip });
    const events = ["1.1.1.1", "2.2.2.2", "1.1.1.1"].map((ip) =>
      makeEvent({ timestamp: NOW, context: context(ip) }),
    );
    const [message] = imported(events).messages;
    expect(message?.contexts).toHaveLength(2);
    expect(message?.events.map((e) => e.context)).toEqual([0, 1, 0]);
  });
});

describe("sendBatch", () => {
  test("gets bodies of at most 64,000 bytes, at most 100 and 256 KB of them", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60_000 }), { maxLength: 250, size: "max" }), (sizes) => {
        const messages = sizes.map((size, part) => ({
          version: 1 as const,
          key: "x".repeat(size),
          project_id: "p",
          content: null,
          own_ids: false,
          sender: null,
          received_at: part,
          contexts: [],
          events: [],
          refused: {},
        }));
        const batches = batchesOf(bodiesOf(messages)).map((batch) => batch.map(({ body }) => body));
        const bodies = batches.flat().map((text): MessageBody => JSON.parse(text));
        const sent = bodies.flatMap((body) => ("messages" in body ? body.messages : [body]));
        expect(sent).toEqual(messages);
        const bytesOf = (text: string) => Buffer.byteLength(text);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(100);
          expect(Math.max(...batch.map(bytesOf))).toBeLessThanOrEqual(64_000);
          expect(batch.reduce((sum, body) => sum + bytesOf(body) + 100, 0)).toBeLessThanOrEqual(256_000);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("the idempotency key", () => {
  const events = [{ event_id: "a" }, { event_id: "b" }];
  test("is the header, else batch_id, else the hash of events that all have an event_id, else generated", () => {
    const given = { header: "h-1", batch_id: "b-1", events, now: NOW };
    const content = expect.stringMatching(/^[\w-]{11}$/);
    expect(requestKeyOf(given)).toEqual({ key: "h-1", content });
    expect(requestKeyOf({ ...given, header: null })).toEqual({ key: "b-1", content });
    const hashed = requestKeyOf({ header: null, batch_id: undefined, events, now: NOW });
    expect(hashed).toEqual(requestKeyOf({ header: " ", batch_id: undefined, events, now: NOW + 1 }));
    expect(hashed.content).toBe(null);
    for (const other of [events.slice(1), [{ event_id: "a", event: "x" }, { event_id: "b" }]])
      expect(requestKeyOf({ header: null, batch_id: undefined, events: other, now: NOW }).key).not.toBe(
        hashed.key,
      );
    const made = () => requestKeyOf({ header: null, batch_id: undefined, events: [...events, {}], now: NOW });
    expect(made()).not.toEqual(made());
  });

  test("states the events that it was used for", () => {
    const of = (sent: unknown[]) =>
      requestKeyOf({ header: "h", batch_id: undefined, events: sent, now: NOW }).content;
    expect(of(events)).toBe(of(structuredClone(events)));
    expect(of(events)).not.toBe(of([...events, {}]));
  });

  test("cannot collide with another project's, exceed its length or look like a reserved one", () => {
    const keys = ["a/b", "x".repeat(500), "restore-01ABC", "refused-x", "ü"].map(
      (header) => requestKeyOf({ header, batch_id: undefined, events, now: NOW }).key,
    );
    for (const made of keys) expect(made).toMatch(/^[\w-]{22}$/);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
