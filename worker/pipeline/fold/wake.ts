/**
 * Calls of the folders of shards.
 * @module
 */
import { SECOND_MS } from "../../lib/time";

/** The methods of a folder that others call. */
interface FolderStub {
  wake(shard: number): Promise<void>;
  attend(shard: number): Promise<void>;
}

/** Bindings needed to reach the folder. */
export interface FolderBindings {
  FOLDER: { idFromName(name: string): DurableObjectId; get(id: DurableObjectId): FolderStub };
}

const folderOf = ({ FOLDER }: FolderBindings, shard: number) =>
  FOLDER.get(FOLDER.idFromName(`shard-${shard}`));

/** Wakes the folder of a shard. */
export async function wakeFolder(bindings: FolderBindings, shard: number): Promise<void> {
  await folderOf(bindings, shard).wake(shard);
}

/** Calls of `attendFolder` from one isolate that are closer than this are one. */
const ATTEND_MS = 5 * SECOND_MS;
const attendedAt = new Map<number, number>();

/** Reports to the folder of a shard that somebody asks for numbers, so that these are at most an interval old. */
export async function attendFolder(bindings: FolderBindings, shard: number, now: number): Promise<void> {
  if (now - (attendedAt.get(shard) ?? 0) < ATTEND_MS) return;
  attendedAt.set(shard, now);
  await folderOf(bindings, shard).attend(shard);
}
