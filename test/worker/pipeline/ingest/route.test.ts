import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { MESSAGE_VERSION } from "../../../../schema/wire/message";
import { type CallOptions, makeAccount } from "../../../support/client";
import { makeEvent } from "../../../support/make-event";
import { recordingQueue } from "../../../support/recording-queue";

const PATH = "/api/v1/events/ingest";
const USER_AGENT =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15";

let account: Awaited<ReturnType<typeof makeAccount>>;
let project: { id: string; api_key: string };
beforeAll(async () => {
  account = await makeAccount();
  project = await newProject();
});

async function newProject(given: object = {}) {
  const { data } = await account.call("POST", "/api/v1/projects", {
    token: account.token,
    body: { name: "Shop", ...given },
  });
  return data;
}

/** Bindings whose queue and dataset record their input; `refuse` makes the queue fail, `limited` the limiter. */
function recorder({ refuse = false, limited = false, points = "event" } = {}) {
  const { queue, messages } = recordingQueue({ refuse });
  const written: AnalyticsEngineDataPoint[] = [];
  const bindings: Env = {
    ...env,
    EVENTS: queue,
    ANALYTICS: { writeDataPoint: (point: AnalyticsEngineDataPoint) => void written.push(point) },
    ANALYTICS_POINTS: points as Env["ANALYTICS_POINTS"],
    LIMIT_INGEST: { limit: async () => ({ success: !limited }) },
  };
  return { messages, written, bindings };
}

function post(
  body: unknown,
  headers: Record<string, string> = {},
  bindings: Env = recorder().bindings,
  query = "",
) {
  const options: CallOptions = { body, bindings, headers: { "user-agent": USER_AGENT, ...headers } };
  return account.call("POST", PATH + query, options);
}

const withKey = (more: Record<string, string> = {}) => ({ "x-api-key": project.api_key, ...more });

describe("the write key", () => {
  test("is read from the header, the query and the body, with and without a trailing slash", async () => {
    const body = { events: [makeEvent()] };
    const answers = await Promise.all([
      post(body, withKey()),
      post(body, {}, undefined, `?key=${project.api_key}`),
      post(body, {}, undefined, `/?key=${project.api_key}`),
      post({ ...body, api_key: project.api_key }),
    ]);
    for (const { status, data } of answers)
      expect({ status, data }).toEqual({ status: 202, data: { accepted: 1, rejected: [] } });
  });

  test("missing or unknown is 401, and nothing is queued", async () => {
    const { bindings, messages } = recorder();
    for (const headers of [undefined, { "x-api-key": "proj_unknown" }]) {
      const { status, data } = await post({ events: [makeEvent()] }, headers, bindings);
      expect({ status, code: data.code }).toEqual({ status: 401, code: "invalid_key" });
    }
    expect(messages).toEqual([]);
  });

  test("that was rotated is still valid", async () => {
    const old = await newProject();
    await account.call("POST", `/api/v1/projects/${old.id}/rotate-key`, { token: account.token });
    expect((await post({ events: [makeEvent()] }, { "x-api-key": old.api_key })).status).toBe(202);
  });
});

describe("a request", () => {
  test("becomes a message with its context", async () => {
    const { bindings, messages } = recorder();
    await post(
      { events: [makeEvent()], batch_id: "b-1" },
      withKey({ "cf-connecting-ip": "203.0.113.9" }),
      bindings,
    );
    expect(messages).toMatchObject([
      {
        version: MESSAGE_VERSION,
        key: `${project.id}/b-1/0`,
        project_id: project.id,
        contexts: [{ browser: "Safari", os: "macOS", device: "desktop" }],
        events: [{ event_name: "page_view", path: "/pricing", context: 0, drop_reason: null }],
        refused: {},
      },
    ]);
    expect(JSON.stringify(messages)).not.toContain("203.0.113.9");
  });

  test("sent again has the same keys and events", async () => {
    const { bindings, messages } = recorder();
    const body = { events: [makeEvent(), makeEvent({ event: "click" })], batch_id: "b-2" };
    const [first, second] = [await post(body, withKey(), bindings), await post(body, withKey(), bindings)];
    expect(second.data).toEqual(first.data);
    expect({ ...messages[1], received_at: 0 }).toMatchObject({ key: messages[0]?.key });
    expect(messages[1]?.events.map((event) => event.event_id)).toEqual(
      messages[0]?.events.map((e) => e.event_id),
    );
  });

  test("with a key that other events have used is 409 and stores nothing; the same events are accepted again", async () => {
    const first = { events: [makeEvent()], batch_id: "b-3" };
    const other = { events: [makeEvent({ event: "click" })], batch_id: "b-3" };
    for (const headers of [withKey(), withKey({ "idempotency-key": "h-3" })]) {
      const { bindings, messages } = recorder();
      const accepted = await post(first, headers, bindings);
      const { status, data } = await post(other, headers, bindings);
      expect({ status, code: data.code }).toEqual({ status: 409, code: "idempotency_key_reused" });
      expect(messages).toHaveLength(1);
      expect(await post(structuredClone(first), headers, bindings)).toMatchObject({
        status: 202,
        data: accepted.data,
      });
      const imported = { body: other, bindings, headers: { "idempotency-key": "h-3" }, token: account.token };
      const answer = await account.call("POST", `/api/v1/projects/${project.id}/import`, imported);
      expect(answer.status).toBe(202);
    }
  });

  test("that the queue refused leaves its key unused", async () => {
    const key = withKey({ "idempotency-key": "h-4" });
    expect((await post({ events: [makeEvent()] }, key, recorder({ refuse: true }).bindings)).status).toBe(
      503,
    );
    expect((await post({ events: [makeEvent({ event: "click" })] }, key)).status).toBe(202);
  });

  test("may be gzip and of any content type", async () => {
    const { bindings, messages } = recorder();
    const text = JSON.stringify({ events: [makeEvent()] });
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    const { api } = await import("../../../../worker/api/app");
    const headers = withKey({ "content-encoding": "gzip", "content-type": "text/plain" });
    const body = await new Response(packed).arrayBuffer();
    const answer = await api.request(PATH, { method: "POST", headers, body }, bindings);
    expect(answer.status).toBe(202);
    expect(messages[0]?.events).toHaveLength(1);
  });

  test("with bad events among good ones reports each by index and stores the rest", async () => {
    const { bindings, messages } = recorder();
    const { status, data } = await post({ events: [{}, makeEvent(), { event: 7 }] }, withKey(), bindings);
    expect(status).toBe(202);
    expect(data).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 0, code: "required", field: "event" },
        { index: 2, code: "invalid_type", field: "event" },
      ],
    });
    expect(messages).toMatchObject([{ refused: { invalid: 2 }, events: [{ event_name: "page_view" }] }]);
  });

  test("of nothing but bad events is still answered 202 with their reasons", async () => {
    const { status, data } = await post({ events: [{}] }, withKey());
    expect(status).toBe(202);
    expect(data).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
  });

  test("with an opt-out is accepted and only counted", async () => {
    const { bindings, messages } = recorder();
    const { status, data } = await post({ events: [makeEvent()] }, withKey({ "sec-gpc": "1" }), bindings);
    expect({ status, data }).toEqual({ status: 202, data: { accepted: 0, rejected: [] } });
    expect(messages).toMatchObject([{ events: [], contexts: [], refused: { opt_out: 1 } }]);
  });

  test.each([
    ["no JSON", "{", 400, "invalid_json"],
    ["no events", { events: [] }, 400, "invalid_request"],
    ["too many events", { events: Array(501).fill(makeEvent()) }, 400, "invalid_request"],
    ["a body over 1 MiB", { events: [makeEvent({ title: "x".repeat(1024 * 1024) })] }, 413, "body_too_large"],
  ])("with %s is refused as a whole", async (_, body, status, code) => {
    const { bindings, messages } = recorder();
    const { api } = await import("../../../../worker/api/app");
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await api.request(PATH, { method: "POST", headers: withKey(), body: text }, bindings);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await answer.json()).toMatchObject({ code });
    expect(messages).toEqual([]);
  });
});

describe("durability", () => {
  test("the real queue acknowledges", async () => {
    const { status } = await post({ events: Array(500).fill(makeEvent()) }, withKey(), env);
    expect(status).toBe(202);
  });

  test("a queue that refuses makes it 503 with Retry-After, and no point is written", async () => {
    const { bindings, written } = recorder({ refuse: true });
    const { status, data, headers } = await post({ events: [makeEvent()] }, withKey(), bindings);
    expect({ status, code: data.code }).toEqual({ status: 503, code: "unavailable" });
    expect(headers.get("retry-after")).toBe("5");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(written).toEqual([]);
  });
});

describe("limits", () => {
  test("a key over its rate gets Retry-After, and nothing is queued", async () => {
    const { bindings, messages } = recorder({ limited: true });
    const { data: own } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Own" },
    });
    const send = () => post({ events: [makeEvent()] }, { "x-api-key": own.api_key }, bindings);
    let answer = await send();
    // The limiter is called at every tenth request of a key.
    for (let tried = 1; answer.status === 202 && tried < 10; tried++) answer = await send();
    const { status, data, headers } = answer;
    expect({ status, code: data.code }).toEqual({ status: 429, code: "rate_limited" });
    expect(headers.get("retry-after")).toBe("10");
    const taken = messages.length;
    expect((await send()).status).toBe(429);
    expect(messages).toHaveLength(taken);
  });
});

describe("origins", () => {
  test("preflight is answered for every origin, for a day, without credentials", async () => {
    const { status, headers } = await account.call("OPTIONS", PATH, {
      headers: { origin: "https://any.example" },
    });
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "Content-Type, Content-Encoding, X-API-Key, Idempotency-Key",
      "access-control-max-age": "86400",
    });
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("off the project's list is 403, readable by the page, counted once, and blocks no later request", async () => {
    const { bindings, messages } = recorder();
    const listed = await newProject({ domain: "shop.example" });
    const body = { events: [makeEvent(), makeEvent()], batch_id: "b" };
    const from = (origin: string) => post(body, { "x-api-key": listed.api_key, origin }, bindings);
    const refused = await from("https://evil.example");
    expect({ status: refused.status, code: refused.data.code }).toEqual({
      status: 403,
      code: "origin_not_allowed",
    });
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect((await from("https://www.shop.example")).status).toBe(202);
    expect(messages).toMatchObject([
      { key: `${listed.id}/refused-b/0`, events: [], refused: { origin: 2 } },
      { key: `${listed.id}/b/0`, events: [{}, {}], refused: {} },
    ]);
  });
});

describe("Analytics Engine", () => {
  const send = async (events: unknown[], points?: string) => {
    const { bindings, written } = recorder({ points });
    await post({ events }, withKey(), bindings);
    return written;
  };

  test("gets a point per event that counts", async () => {
    const written = await send([
      makeEvent(),
      makeEvent({ event: "click" }),
      makeEvent({ referrer: "https://semalt.com" }),
    ]);
    expect(written).toEqual([
      {
        indexes: [project.id],
        blobs: [project.id, "page_view", "/pricing", null, null, "Safari", "desktop"],
        doubles: [1],
      },
      {
        indexes: [project.id],
        blobs: [project.id, "click", "/pricing", null, null, "Safari", "desktop"],
        doubles: [1],
      },
    ]);
  });

  test("gets at most 250 an invocation, with the full weight", async () => {
    const written = await send(Array(499).fill(makeEvent()));
    expect(written.length).toBeLessThanOrEqual(250);
    expect(written.reduce((sum, point) => sum + (point.doubles?.[0] ?? 0), 0)).toBe(499);
  });

  test("gets one point per request with that setting", async () => {
    expect(await send(Array(7).fill(makeEvent()), "request")).toMatchObject([{ doubles: [7] }]);
  });
});

describe("import", () => {
  const importTo = (id: string, body: unknown, token: string | undefined, bindings = recorder().bindings) =>
    account.call("POST", `/api/v1/projects/${id}/import`, { body, token, bindings });
  const line = makeEvent({
    timestamp: "2015-05-17T10:05:03Z",
    context: { ip: "203.0.113.9", user_agent: "Mozilla/5.0 (compatible; Googlebot/2.1)", country: "US" },
  });

  test("stores past times and stated contexts, and reports dropped events", async () => {
    const { bindings, messages } = recorder();
    const { status, data } = await importTo(
      project.id,
      { events: [line], batch_id: "i" },
      account.token,
      bindings,
    );
    expect({ status, data }).toEqual({
      status: 202,
      data: { accepted: 1, rejected: [], dropped: { bot: 1 } },
    });
    expect(messages).toMatchObject([
      {
        key: `${project.id}/import-i/0`,
        contexts: [{ country: "US" }],
        events: [{ timestamp: Date.UTC(2015, 4, 17, 10, 5, 3), clock_skewed: false, drop_reason: "bot" }],
      },
    ]);
  });

  test("is counted although a public sender used its key before, also in the form of an import's key", async () => {
    const { bindings, messages } = recorder();
    for (const batch_id of ["order-1001", "import-order-1001"])
      await post({ events: [makeEvent()], batch_id }, withKey(), bindings);
    await importTo(project.id, { events: [line], batch_id: "order-1001" }, account.token, bindings);
    expect(messages).toHaveLength(3);
    expect(new Set(messages.map(({ key }) => key)).size).toBe(3);
  });

  test("requires a token with events:write and access to the project", async () => {
    const token = async (scopes: string[]) =>
      (await account.call("POST", "/api/v1/tokens", { token: account.token, body: { name: "t", scopes } }))
        .data.token;
    const otherAccount = await makeAccount();
    const body = { events: [line] };
    expect((await importTo(project.id, body, await token(["events:write"]))).status).toBe(202);
    expect((await importTo(project.id, body, await token(["analytics:read"]))).status).toBe(403);
    expect((await importTo(project.id, body, otherAccount.token)).status).toBe(404);
    expect((await importTo(project.id, body, undefined)).status).toBe(401);
  });

  test("a public key cannot state a context", async () => {
    const { bindings, messages } = recorder();
    await post({ events: [line] }, withKey(), bindings);
    expect(messages[0]?.contexts).toMatchObject([{ browser: "Safari", country: null }]);
    expect(messages[0]?.events).toMatchObject([{ clock_skewed: true, drop_reason: null }]);
  });
});
