/**
 * The earliest time at which a project may have open sessions. There can be thousands of them, and a query about weeks ago
 * needs none.
 * @module
 */
import { Lru } from "../../../../lib/lru";
import { DAY_MS } from "../../../../lib/time";
import type { BatchState } from "../execution";
import { readSnapshot, type Snapshot, type SnapshotRequest } from "../snapshot-store";

interface OpenSince {
  epoch: number;
  /** No open session starts before this epoch ms. */
  since: number;
}

/** Key: project. */
const openSince = new Lru<string, OpenSince>({ maxEntries: 1_000 });

/**
 * Reads a snapshot, without open sessions when none can start in the requested range, and updates the batch's project
 * state. Folding opens sessions in the last hours only, as late events are left to derivation; derivation and
 * sealing, which may change any others, raise the epoch.
 */
export async function readBatchSnapshot(state: BatchState, request: SnapshotRequest): Promise<Snapshot> {
  const snapshot = await read(state, request);
  state.project = snapshot.project;
  return snapshot;
}

async function read({ stores, context, project }: BatchState, request: SnapshotRequest): Promise<Snapshot> {
  const { project: id, now } = context;
  const to = request.sessions?.to;
  if (to === undefined) return readSnapshot(stores.db, id, project, request);
  const known = openSince.get(id);
  if (known?.epoch === project.epoch && to <= known.since) {
    const ended: SnapshotRequest = { ...request, sessions: null, endedSessions: request.sessions };
    const snapshot = await readSnapshot(stores.db, id, project, ended);
    if (snapshot.project.epoch === known.epoch) return snapshot;
  }
  const snapshot = await readSnapshot(stores.db, id, project, request);
  const since = snapshot.openSessions.starts.reduce((first, start) => Math.min(first, start), now - DAY_MS);
  openSince.set(id, { epoch: snapshot.project.epoch, since });
  return snapshot;
}
