/**
 * The Worker's entry points. They only delegate.
 * @module
 */
import type { EventRow } from "../schema/wire/row";
import { api } from "./api/app";
import { runSchedule } from "./cron";
import { wakeFolder } from "./pipeline/fold";
import { pushCommitted, type Watch } from "./pipeline/live";
import { consume, consumeDeadLetters, forEachShard } from "./pipeline/queue";
import { startDue } from "./sources/connections";
import { checkSources } from "./sources/quality";
import { tidy } from "./sources/sync";
import { shardNumbers, storesOfShard } from "./tenancy/projects";

export { Folder } from "./pipeline/fold";
export { Room } from "./pipeline/live";
export { AccountLimiter } from "./sources/connections";
export { SyncWorkflow } from "./sources/sync";

const handler: ExportedHandler<Env> = {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname.startsWith("/api/")) return api.fetch(request, env, ctx);
    // Dynamic, so that tests can import the Worker without the pages.
    const { default: pages } = await import("../app/src/entry-server");
    return pages.fetch(request);
  },

  async queue(batch, env) {
    const now = Date.now();
    await forEachShard(env, batch.messages, async (shard, messages) => {
      const stores = storesOfShard(env, shard);
      if (batch.queue.endsWith("-dead")) return consumeDeadLetters(messages, stores, now);
      const wake = () => wakeFolder(env, shard);
      const push = (rows: EventRow[], watches: Watch[]) => pushCommitted(env.ROOM, rows, watches, now);
      await consume(messages, { ...stores, wake, push }, now);
    });
  },

  async scheduled(controller, env) {
    await runSchedule(
      {
        CONTROL: env.CONTROL,
        wake: async () => {
          await Promise.all(shardNumbers(env).map((shard) => wakeFolder(env, shard)));
        },
        sync: (now) => startDue(env, now),
        tidy: (now) => tidy(env, now),
        check: (now) => checkSources(env, now),
      },
      controller.scheduledTime,
    );
  },
};
export default handler;
