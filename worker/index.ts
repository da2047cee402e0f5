/**
 * The Worker's entry points. They only delegate.
 * @module
 */
import { api } from "./api/app";
import { runSchedule } from "./cron";
import { wakeFolder } from "./pipeline/fold";
import { pushCommitted } from "./pipeline/live";
import { consume, consumeDeadLetters } from "./pipeline/queue";
import { startDue } from "./sources/connections";
import { checkSources } from "./sources/quality";
import { tidy } from "./sources/sync";

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
    const stores = { db: env.SHARD_0, lake: env.LAKE };
    if (batch.queue.endsWith("-dead")) return consumeDeadLetters(batch, stores, now);
    await consume(
      batch,
      {
        ...stores,
        wake: () => wakeFolder(env),
        push: (rows, watches) => pushCommitted(env.ROOM, rows, watches, now),
      },
      now,
    );
  },

  async scheduled(controller, env) {
    await runSchedule(
      {
        CONTROL: env.CONTROL,
        wake: () => wakeFolder(env),
        sync: (now) => startDue(env, now),
        tidy: (now) => tidy(env, now),
        check: (now) => checkSources(env, now),
      },
      controller.scheduledTime,
    );
  },
};
export default handler;
