/**
 * A sync in rounds: each reads for a while and commits, so that a lost or repeated round does no harm. Marts are built
 * between rounds, so that recent days are visible while older ones are still read.
 * @module
 */
import type { SourceErrorInfo } from "../../../schema/wire/source";
import { logError } from "../../lib/log";
import {
  findSource,
  newMemory,
  type StoredSource,
  type SyncParams,
  scheduleSoon,
  type VendorClient,
} from "../connections";
import { publishSynced } from "./broadcast";
import { finishRun, readStep, type StepResult } from "./step";

/** Durable steps, implemented by the workflow and by tests. Results pass through JSON. */
export interface Steps {
  do<T>(name: string, work: () => Promise<T>): Promise<T>;
  sleep(name: string, ms: number): Promise<void>;
}

/** Functions of other areas that a sync calls. */
export interface Hooks {
  /** Creates the source's vendor client. @throws SourceError when it cannot. */
  open(source: StoredSource): Promise<VendorClient>;
  /** Builds pending marts; true when there is more to build. */
  build(project: string): Promise<boolean>;
  /** Checks the data quality of the source. */
  check?(source: string): Promise<unknown>;
}

/** A workflow has at most 1,024 steps (Workflows › Limits): a round takes one or two, and every third also builds. */
const MAX_ROUNDS = 300;
const BUILD_EVERY = 3;
const MAX_BUILDS = 50;

/** Runs a sync to its end. @throws the error of a step whose attempts are used up, after the run was ended as failed. */
export async function runSync(env: Env, params: SyncParams, steps: Steps, hooks: Hooks): Promise<void> {
  // Only the project: results of steps are stored, and a source contains its secrets.
  const project = await steps.do(
    "find",
    async () => (await findSource(env.CONTROL, params.source))?.project_id,
  );
  if (!project) return;
  const publishNumbers = (name: string) =>
    steps.do(name, () => publishSynced(env, project, params.source, Date.now()));
  try {
    await readAll(project);
    for (let part = 0; part < MAX_BUILDS; part++)
      if (!(await steps.do(`build ${part}`, () => hooks.build(project)))) break;
  } catch (error) {
    const failure = internal("The sync failed on our side. The next sync continues where it stopped.");
    await steps.do("fail", () => finishRun(env, params, project, { status: "failed", error: failure }));
    throw error;
  }
  // A failing check must not block the data.
  await steps
    .do("check", async () => void (await hooks.check?.(params.source)))
    .catch((error) => logError("checks failed", error, { source: params.source }));
  await publishNumbers("publish");

  async function readAll(project: string): Promise<void> {
    let memory = newMemory();
    for (let count = 0; count < MAX_ROUNDS; count++) {
      const before = memory;
      const round = await steps.do<StepResult>(`read ${count}`, () =>
        readStep(env, params, before, hooks.open),
      );
      if (round.kind === "gone") return;
      if (round.kind === "done") {
        await steps.do("end", () => finishRun(env, params, project, round));
        return;
      }
      memory = round.memory;
      if (count % BUILD_EVERY === 0) {
        await steps.do(`build after ${count}`, () => hooks.build(project));
        await publishNumbers(`publish after ${count}`);
      }
      if (round.kind === "wait") await steps.sleep(`wait ${count}`, round.forMs);
    }
    await steps.do("leave", async () => {
      const error = internal("The sync reached its limit. The next sync continues where it stopped.");
      await finishRun(env, params, project, { status: "partial", error });
      await scheduleSoon(env.CONTROL, params.source, Date.now());
    });
  }
}

function internal(message: string): SourceErrorInfo {
  return { code: "internal", message, stream: null, at: Date.now() };
}
