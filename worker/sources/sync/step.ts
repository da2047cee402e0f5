/**
 * One step of a sync: reads the source for a while, and updates the run's row and open pages with the progress.
 * @module
 */
import type { SourceErrorInfo, SyncProgress, SyncRun } from "../../../schema/wire/source";
import { logError } from "../../lib/log";
import { SECOND_MS } from "../../lib/time";
import { storesOf } from "../../tenancy/projects";
import {
  advance,
  type Counters,
  endRun,
  findSource,
  LEASE_MS,
  type RunMemory,
  readRun,
  renewLease,
  SourceError,
  type StoredSource,
  type SyncParams,
  updateRun,
  type VendorClient,
} from "../connections";
import { publishSyncing } from "./broadcast";

/** Result of a round. `gone`: the run has been ended, or another run has the source. */
export type StepResult =
  | { kind: "gone" }
  | { kind: "again"; memory: RunMemory }
  /** `forMs` is computed here, because a workflow's sleep must have the same input when it is replayed. */
  | { kind: "wait"; forMs: number; memory: RunMemory }
  | { kind: "done"; status: "succeeded" | "partial" | "failed"; error: SourceErrorInfo | null };

/** Number of days of a first read. */
const BACKFILL_DAYS = 90;
/** Budget of a round, well below a step's CPU time limit. */
const BUDGET = { ms: 20 * SECOND_MS, records: 20_000 };
const HEARTBEAT_MS = 30 * SECOND_MS;
/** Interval between updates of the run's row during a round; open pages receive every commit. */
const KEEP_EVERY_MS = 5 * SECOND_MS;

/** Reads for a while. @throws when storage fails: the round can be repeated. */
export async function readStep(
  env: Env,
  params: SyncParams,
  memory: RunMemory,
  open: (source: StoredSource) => Promise<VendorClient>,
): Promise<StepResult> {
  const [source, run] = await Promise.all([
    findSource(env.CONTROL, params.source),
    readRun(env.CONTROL, params.source, params.run),
  ]);
  if (!source || !run || !(await keepLease(env, params, 0))) return { kind: "gone" };
  let session: VendorClient;
  try {
    session = await open(source);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { code, message } = error;
    return { kind: "done", status: "failed", error: { code, message, stream: null, at: Date.now() } };
  }
  const recorder = new RunRecorder(env, source, run, session.counters);
  if (run.status === "waiting") await recorder.write(run.progress, null);
  const heartbeat = startHeartbeat(env, params);
  const step = await advance(
    {
      ...(await storesOf(env, source.project_id)),
      session,
      renewLease: () => keepLease(env, params, 0),
      onProgress: (progress) => recorder.report(progress),
    },
    {
      project: source.project_id,
      source: source.id,
      startedAt: run.started_at,
      accounts: source.accounts,
      backfillDays: BACKFILL_DAYS,
    },
    memory,
    BUDGET,
  ).finally(() => clearInterval(heartbeat));
  const { outcome, progress, memory: after } = step;
  if (outcome.kind === "lost") return { kind: "gone" };
  const until = outcome.kind === "wait" ? outcome.until : null;
  await recorder.write(progress, until);
  if (outcome.kind === "done") return outcome;
  if (until === null) return { kind: "again", memory: after };
  // The lease covers the wait, so that no other run takes the source.
  if (!(await keepLease(env, params, until))) return { kind: "gone" };
  return { kind: "wait", forMs: Math.max(SECOND_MS, until - session.clock.now()), memory: after };
}

/** Extends the lease before slow calls: one can be retried for minutes. */
function startHeartbeat(env: Env, params: SyncParams): ReturnType<typeof setInterval> {
  const renew = () =>
    keepLease(env, params, 0).catch((error) => {
      logError("a lease was not renewed", error, { run: params.run });
    });
  return setInterval(renew, HEARTBEAT_MS);
}

function keepLease(env: Env, { source, run }: SyncParams, until: number): Promise<boolean> {
  return renewLease(env.CONTROL, source, run, Math.max(Date.now(), until) + LEASE_MS);
}

/** Records the progress of a run. */
class RunRecorder {
  #written: Counters = { requests: 0, bytes: 0, throttled: 0 };
  #writtenAt = Date.now();

  constructor(
    readonly env: Env,
    readonly source: StoredSource,
    readonly run: SyncRun,
    readonly counters: Counters,
  ) {}

  async report(progress: SyncProgress): Promise<void> {
    if (Date.now() - this.#writtenAt >= KEEP_EVERY_MS) await this.write(progress, null);
    else await this.#tell(progress, "running");
  }

  /** `until` is when a waiting run continues. */
  async write(progress: SyncProgress, until: number | null): Promise<void> {
    const { requests, bytes, throttled } = this.#written;
    const status = until === null ? "running" : "waiting";
    this.#written = { ...this.counters };
    this.#writtenAt = Date.now();
    await updateRun(this.env.CONTROL, this.run.id, {
      status,
      progress,
      next_attempt_at: until,
      records: progress.reduce((sum, { records }) => sum + records, 0),
      requests: this.#written.requests - requests,
      bytes: this.#written.bytes - bytes,
      throttled: this.#written.throttled - throttled,
    });
    await this.#tell(progress, status);
  }

  #tell(progress: SyncProgress, status: "running" | "waiting"): Promise<void> {
    const { id: source, project_id } = this.source;
    return publishSyncing(this.env, project_id, { source, run: this.run.id, status, progress });
  }
}

/** Ends a run once, publishes its end to open pages and writes an operational data point. */
export async function finishRun(
  env: Env,
  { source, run }: SyncParams,
  project: string,
  { status, error }: { status: "succeeded" | "partial" | "failed"; error: SourceErrorInfo | null },
): Promise<void> {
  if (!(await endRun(env.CONTROL, { id: run, source }, { status, error }, Date.now()))) return;
  const ended = await readRun(env.CONTROL, source, run);
  if (!ended) return;
  const durationMs = (ended.ended_at ?? ended.started_at) - ended.started_at;
  env.ANALYTICS.writeDataPoint({
    indexes: [project],
    blobs: [project, "(sync)", source, status, error?.code ?? null],
    doubles: [1, ended.requests, ended.throttled, ended.records, ended.bytes, durationMs],
  });
  await publishSyncing(env, project, { source, run, status, progress: ended.progress });
}
