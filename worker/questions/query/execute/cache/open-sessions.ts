/**
 * Since when a project may have open sessions, as the isolate has seen it: there can be thousands, and a question about
 * weeks ago needs none of them.
 * @module
 */
import { DAY_MS } from "../../../../lib/time";
import { type ProjectState, readSnapshot, type Snapshot, type SnapshotRequest } from "../snapshot-store";

/** Projects of which it is known. */
const MOST = 1_000;

interface Known {
  epoch: number;
  /** No open session starts before this epoch ms. */
  since: number;
}

/** The first is the next to be forgotten. */
const known = new Map<string, Known>();

/**
 * Reads like `readSnapshot`, without open sessions when none can start in the stretch. Folding opens sessions in the last
 * hours only, as it leaves late events to derivation; that and sealing, which may change any others, raise the epoch.
 */
export async function readEnded(
  db: D1Database,
  { project, now }: { project: string; now: number },
  planned: ProjectState,
  wanted: SnapshotRequest,
): Promise<Snapshot> {
  const to = wanted.sessions?.to;
  if (to === undefined) return readSnapshot(db, project, planned, wanted);
  const { epoch, since } = known.get(project) ?? { epoch: -1, since: 0 };
  if (epoch === planned.epoch && to <= since) {
    const ended: SnapshotRequest = { ...wanted, sessions: null, endedSessions: wanted.sessions };
    const snapshot = await readSnapshot(db, project, planned, ended);
    if (snapshot.standing.epoch === epoch) return snapshot;
  }
  const snapshot = await readSnapshot(db, project, planned, wanted);
  note(project, snapshot, now);
  return snapshot;
}

function note(project: string, { standing, openSessions }: Snapshot, now: number): void {
  const since = openSessions.reduce((first, { started_at }) => Math.min(first, started_at), now - DAY_MS);
  known.delete(project);
  known.set(project, { epoch: standing.epoch, since });
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
}
