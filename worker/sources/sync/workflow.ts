/**
 * A sync as a Cloudflare workflow: steps are stored, retried and resumed after a restart. The work is in `run.ts`.
 * @module
 */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { type SyncParams, vendorClientOf } from "../connections";
import { checkAfterSync } from "../quality";
import { buildStep } from "./building";
import { runSync } from "./run";

/** Attempts of a failing step; every step is idempotent. */
const STEP = {
  retries: { limit: 5, delay: "5 seconds", backoff: "exponential" },
  timeout: "5 minutes",
} as const;

/** One instance per run, with the run's id. */
export class SyncWorkflow extends WorkflowEntrypoint<Env, SyncParams> {
  override async run({ payload }: Readonly<WorkflowEvent<SyncParams>>, step: WorkflowStep): Promise<void> {
    await runSync(
      this.env,
      payload,
      {
        do: async (name, work) =>
          JSON.parse(await step.do(name, STEP, async () => JSON.stringify((await work()) ?? null))),
        // Not `sleepUntil`, which rejects past times when the instance is replayed.
        sleep: (name, ms) => step.sleep(name, ms),
      },
      {
        open: (source) => vendorClientOf(this.env, source),
        build: (project) => buildStep(this.env, project),
        check: (source) =>
          checkAfterSync(this.env, source, {
            open: (own) => vendorClientOf(this.env, own),
            now: Date.now(),
          }),
      },
    );
  }
}
