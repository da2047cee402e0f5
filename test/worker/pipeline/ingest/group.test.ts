import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { sendTogether } from "../../../../worker/pipeline/ingest";
import { makeAccount } from "../../../support/client";
import { makeEvent } from "../../../support/make-event";
import { makeRow } from "../../../support/make-row";
import { messageOf } from "../../../support/pipeline";
import { recordingQueue } from "../../../support/recording-queue";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const requests = (count: number) =>
  Array.from({ length: count }, (_, i) => [
    messageOf(`k${i}`, [makeRow({ project_id: `p${i % 3}`, event_id: `e${i}`, timestamp: NOW })], NOW),
  ]);
const after = () => {};

describe("requests of one isolate", () => {
  it("are sent at once when they come alone", async () => {
    const { queue, bodies } = recordingQueue();
    for (const request of requests(3)) expect(await sendTogether(queue, request, after)).toBe(true);
    expect(bodies).toEqual(requests(3).flat());
  });

  it("share a message while another is being sent, whatever their project", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, bodies } = recordingQueue({ wait: () => gate.promise });
    const sent = requests(6).map((request) => sendTogether(queue, request, after));
    await expect.poll(() => bodies.length).toBe(2);
    gate.resolve();
    expect(await Promise.all(sent)).toEqual(Array(6).fill(true));
    const [first, ...others] = requests(6).flat();
    expect(bodies).toEqual([first, { messages: others }]);
  });

  it("are all refused when the queue refuses their group, and later ones are sent again", async () => {
    const down = recordingQueue({ refuse: true }).queue;
    const refused = requests(3).map((request) => sendTogether(down, request, after));
    expect(await Promise.all(refused)).toEqual([false, false, false]);
    const { queue, messages } = recordingQueue();
    expect(await sendTogether(queue, requests(1)[0] ?? [], after)).toBe(true);
    expect(messages).toHaveLength(1);
  });

  it("are answered when many come at once, and each event counts once", async () => {
    const account = await makeAccount();
    const { data: project } = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Busy" },
    });
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        exports.default.fetch(`https://selvedge.test/api/v1/events/ingest?key=${project.api_key}`, {
          method: "POST",
          body: JSON.stringify({ events: [makeEvent(), makeEvent()] }),
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const path = `/api/v1/analytics/${project.id}/overview?from=24h`;
    await expect
      .poll(
        async () => (await account.call("GET", path, { token: account.token })).data.metrics.pageviews.value,
        { timeout: 20_000 },
      )
      .toBe(120);
  });
});
