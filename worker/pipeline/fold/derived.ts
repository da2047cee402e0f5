/**
 * What a derivation writes. What would fill the memory is stored at once where nothing reads it before the derivation
 * commits: rows in the table `derived_rollups`, sessions in segments that the manifest does not list.
 * @module
 */
import { ulid } from "ulid";
import { rowsKey } from "../../../schema/tables/generation";
import type { SessionRow } from "../../../schema/wire/derived";
import type { Stores } from "../../lib/stores";
import { nextBucket, type TimeRange } from "../../lib/time";
import { addSegment, type SegmentInfo, writeSegment } from "../lake";
import {
  applyCells,
  decodePacked,
  deleteBuckets,
  encodeFitting,
  HOURLY_FOR_LONG,
  HOURS_RETENTION_MS,
  IDLE_MS,
  type RollupChange,
  type RollupRow,
  replaceRows,
  type Session,
  sealPacked,
  stageRows,
  writeRows,
} from "../rollup";
import type { PassSink } from "./derive-pass";
import { SEAL_AFTER_MS } from "./plan";
import { PageRewriter } from "./rewrite-pages";
import { sessionRow } from "./session-row";
import type { FoldState } from "./store";
import { clearDerived, moveDerived } from "./upkeep-store";

/** What a derivation may have in memory. */
export interface DeriveLimits {
  /** Bytes of the cells of one pass: a range that needs more is read more than once, for some dimensions each. */
  cellBytes: number;
  /** Characters of rows, and so of the last transaction. */
  rowChars: number;
  /** Sessions that have ended; a segment has as many. */
  sessions: number;
}

/** Rows and sessions of one derivation. */
export class Derived implements PassSink {
  /** Sessions that can still change, to be put beside those that do not start in the range. */
  readonly pages = new PageRewriter();
  /** Number of sessions that start in the range. */
  sessions = 0;
  readonly #rows = new Map<string, RollupRow>();
  #chars = 0;
  #isStaged = false;
  #ended: SessionRow[] = [];
  readonly #segments: SegmentInfo[] = [];
  #hasSessions = false;

  /** `horizon` (epoch ms): no event before it can change a session any more. */
  constructor(
    readonly stores: Stores,
    readonly state: FoldState,
    readonly horizon: number,
    readonly now: number,
    readonly limits: DeriveLimits,
  ) {}

  session(session: Session): void {
    if (this.#hasSessions) return;
    this.sessions++;
    if (session.ended_at + IDLE_MS >= this.horizon) this.pages.add(session);
    else this.#ended.push(sessionRow({ ...this.state, epoch: this.state.epoch + 1 }, session));
  }

  /** Adds to the row of the change, which has not been settled yet. */
  change({ grain, dimension, bucket, cells }: RollupChange): void {
    const isOld = bucket < this.now - HOURS_RETENTION_MS;
    if (grain === "hour" && isOld && !HOURLY_FOR_LONG.includes(dimension)) return;
    const name = `${grain} ${bucket} ${dimension}`;
    const before = this.#rows.get(name)?.body;
    const packed = applyCells(
      dimension,
      before === undefined ? null : decodePacked(dimension, before),
      cells,
    );
    const body = encodeFitting(dimension, packed);
    this.#rows.set(name, { grain, dimension, bucket, sealed: false, body });
    this.#chars += body.length - (before?.length ?? 0);
  }

  async settle(before: number): Promise<void> {
    if (this.#ended.length >= this.limits.sessions) await this.#writeSessions();
    if (this.#chars < this.limits.rowChars) return;
    await this.#stage(({ grain, bucket }) => grain === "hour" && bucket < before);
  }

  /** A pass has counted all of its dimensions, and all sessions. */
  async endPass(): Promise<void> {
    await this.#writeSessions();
    this.#hasSessions = true;
    if (this.#chars >= this.limits.rowChars) await this.#stage(() => true);
  }

  /** Statements that replace the rows of the range and add the sessions. */
  statements(range: TimeRange): D1PreparedStatement[] {
    const { db } = this.stores;
    const key = rowsKey(this.state);
    const rows = [...this.#rows.values()].map((row) => this.#closed(row));
    const replaced = this.#isStaged
      ? [
          deleteBuckets(db, key, range.from, range.to),
          ...moveDerived(db, key),
          ...writeRows(db, [{ project: key, rows }]),
        ]
      : replaceRows(db, key, range, rows);
    return [...replaced, ...this.#segments.map((segment) => addSegment(db, segment))];
  }

  async #writeSessions(): Promise<void> {
    if (!this.#ended.length) return;
    const at = { id: ulid(this.now), level: 0, seq: 0, now: this.now };
    this.#segments.push(await writeSegment(this.stores.lake, "sessions", this.#ended, at));
    this.#ended = [];
  }

  async #stage(isSettled: (row: RollupRow) => boolean): Promise<void> {
    const { db } = this.stores;
    const key = rowsKey(this.state);
    const settled = [...this.#rows].filter(([, row]) => isSettled(row));
    const rows = settled.map(([, row]) => this.#closed(row));
    await db.batch([...(this.#isStaged ? [] : [clearDerived(db, key)]), ...stageRows(db, key, rows)]);
    this.#isStaged = true;
    for (const [name, { body }] of settled) {
      this.#rows.delete(name);
      this.#chars -= body.length;
    }
  }

  /** The row as it is stored: days are sealed once nothing can change them, hours after their retention. */
  #closed(row: RollupRow): RollupRow {
    const { grain, dimension, bucket } = row;
    const sealed =
      grain === "hour"
        ? bucket < this.now - HOURS_RETENTION_MS
        : nextBucket(bucket, "day", this.state.timezone) + SEAL_AFTER_MS < this.now;
    if (!sealed) return row;
    const body = encodeFitting(dimension, sealPacked(dimension, decodePacked(dimension, row.body)));
    return { ...row, sealed, body };
  }
}
