import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Notice } from "../../../../schema/wire/notify";
import type { Quality, QualityOverview } from "../../../../schema/wire/source";
import { resealConfigs } from "../../../../worker/outbound/notify";
import { findSource } from "../../../../worker/sources/connections";
import { checkAfterSync, checkSources } from "../../../../worker/sources/quality";
import { makeAccount } from "../../../support/client";
import { addSource, makeVendorAccount } from "../../../support/mart-stage";
import { bindings, sent } from "./checked-source";

/** Who is notified of results of checks: pages, people's e-mails, a Slack webhook. */
const NOW = Date.UTC(2026, 10, 20, 10);
const HOUR_MS = 3_600_000;
const HOOK = "https://hooks.slack.com/services/T0/B0/very-secret";
let owner: Awaited<ReturnType<typeof makeAccount>>;
let project: string;
let source: string;
const posted: { url: string; text: string }[] = [];

beforeAll(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    posted.push({ url: String(url), text: JSON.parse(String(init?.body)).text });
    return new Response("ok");
  });
});
beforeEach(async () => {
  owner = await makeAccount();
  await env.CONTROL.prepare("UPDATE users SET email_verified = 1 WHERE id = ?1").bind(owner.user.id).run();
  const body = { name: "Shop", timezone: "Europe/Paris" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
  ({ source } = await addSource(project, "stripe", [makeVendorAccount("acct_1", null)]));
  sent.length = 0;
  posted.length = 0;
});

const call = (method: string, rest: string, body?: unknown) =>
  owner.call(method, `/api/v1/projects/${project}${rest}`, { token: owner.token, bindings, body });
const notices = async (): Promise<Notice[]> => (await call("GET", "/notices")).data.data;
const open = () => Promise.reject(new Error("nobody asks"));
const become = (status: string) =>
  env.CONTROL.prepare("UPDATE sources SET status = ?2 WHERE id = ?1").bind(source, status).run();
const check = (now: number) => checkAfterSync(bindings, source, { open, now });

describe("a check that fails", () => {
  test("is notified once, whatever follows, and its notice closes when the check passes", async () => {
    await become("broken");
    await check(NOW);
    const [notified, ...more] = (await notices()).filter(({ title }) => title.includes("Access"));
    expect(more).toEqual([]);
    expect(notified).toMatchObject({
      severity: "problem",
      raised_at: NOW,
      resolved_at: null,
      link: `/projects/${project}/sources/${source}#quality`,
      body: "Stripe no longer grants access: connect the source again.",
    });
    expect(sent.map(({ to }) => to)).toEqual([owner.email]);
    expect(sent[0]?.text).toContain(`https://selvedge.example.com${notified?.link}`);
    await check(NOW + HOUR_MS);
    expect(sent).toHaveLength(1);
    expect(await notices()).toHaveLength(2);
    await become("active");
    await checkSources(bindings, NOW + 4 * HOUR_MS);
    const after = (await notices()).find(({ id }) => id === notified?.id);
    expect(after?.resolved_at).toBe(NOW + 4 * HOUR_MS);
  });

  test("shows in the scores of the source, of its day and of the project", async () => {
    await become("broken");
    await check(NOW);
    const { latest, days }: Quality = (await call("GET", `/sources/${source}/quality`)).data;
    expect(latest.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["access", "failed"],
      ["freshness", "failed"],
    ]);
    expect(days).toEqual([{ day: "2026-11-20", score: 0, failed: 2 }]);
    const overview: QualityOverview = (await call("GET", "/quality")).data;
    expect(overview.data).toMatchObject([
      { source_id: source, score: 0, passed: 0, failed: 2, checked_at: NOW },
    ]);
    expect((await findSource(env.CONTROL, source))?.quality).toBe(0);
  });

  test("is one row per day, however often it runs, and deleted after ninety days", async () => {
    await become("broken");
    for (let hour = 0; hour < 8; hour++) await check(NOW + hour * HOUR_MS);
    await check(NOW + 24 * HOUR_MS);
    const count = async () =>
      (
        await env.CONTROL.prepare(
          "SELECT count(*) AS n FROM quality_results WHERE source_id = ?1 AND name = 'access'",
        )
          .bind(source)
          .first<{ n: number }>()
      )?.n;
    expect(await count()).toBe(2);
    await check(NOW + 91 * 24 * HOUR_MS);
    expect(await count()).toBe(2);
  });

  test("leaves no open notice when its source is deleted", async () => {
    await become("broken");
    await check(NOW);
    await env.CONTROL.prepare("UPDATE sources SET deleted_at = ?2 WHERE id = ?1").bind(source, NOW).run();
    await checkSources(bindings, NOW + HOUR_MS);
    expect((await notices()).every(({ resolved_at }) => resolved_at !== null)).toBe(true);
  });
});

describe("recipients", () => {
  test("can be selected among members, by admins; a webhook is encrypted and never returned", async () => {
    expect((await call("GET", "/notify")).data).toEqual({ people: null, slack: false });
    const chosen = await call("PATCH", "/notify", { people: [], slack_url: HOOK });
    expect(chosen.data).toEqual({ people: [], slack: true });
    await become("broken");
    await check(NOW);
    expect(sent).toEqual([]);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({ url: HOOK });
    expect(posted[0]?.text).toContain("2 checks failed");
    const { results } = await env.CONTROL.prepare("SELECT * FROM notify_channels").all();
    expect(JSON.stringify(results)).not.toContain("very-secret");
    expect((await call("PATCH", "/notify", { slack_url: null })).data).toEqual({ people: [], slack: false });
  });

  test.each(["http://hooks.example.com/x", "https://10.0.0.1/x", "https://localhost/x", "nonsense"])(
    "%s is no webhook",
    async (slack_url) => {
      const refused = await call("PATCH", "/notify", { slack_url });
      expect(refused.status).toBe(400);
      expect(refused.data.errors).toMatchObject([{ path: "slack_url", code: "url_not_allowed" }]);
    },
  );

  test("users of other organizations and unconfirmed addresses get no message", async () => {
    const other = await makeAccount();
    const refused = await call("PATCH", "/notify", { people: [other.user.id] });
    expect([refused.status, refused.data.errors[0].code]).toEqual([400, "recipient_not_member"]);
    await env.CONTROL.prepare("UPDATE users SET email_verified = 0 WHERE id = ?1").bind(owner.user.id).run();
    await become("broken");
    await check(NOW);
    expect(sent).toEqual([]);
  });

  test("a webhook is encrypted again after key rotation", async () => {
    await call("PATCH", "/notify", { slack_url: HOOK });
    const next = `next:${btoa("n".repeat(32))}`;
    await resealConfigs({ ...bindings, SOURCE_KEYS_NEXT: next });
    const row = await env.CONTROL.prepare("SELECT config_key FROM notify_channels WHERE project_id = ?1")
      .bind(project)
      .first();
    expect(row).toEqual({ config_key: "next" });
  });
});

describe("the daily summary", () => {
  test("is one message per project, in the morning of its zone", async () => {
    const summaries = () =>
      sent.filter(({ to, text }) => to === owner.email && text.includes("Data quality of the sources of"));
    await become("broken");
    await check(NOW - 30 * HOUR_MS);
    await checkSources(bindings, Date.UTC(2026, 10, 20, 5, 30));
    expect(summaries()).toEqual([]);
    await checkSources(bindings, Date.UTC(2026, 10, 20, 6, 0));
    await checkSources(bindings, Date.UTC(2026, 10, 20, 7, 0));
    expect(summaries()).toHaveLength(1);
    expect(summaries()[0]).toMatchObject({ to: owner.email, subject: "Shop: 2 checks failed" });
    expect(summaries()[0]?.text).toContain("stripe: 0 %, 2 of 2 checks failed.");
    await checkSources(bindings, Date.UTC(2026, 10, 21, 6, 0));
    expect(summaries()).toHaveLength(2);
  });
});
