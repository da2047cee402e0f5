/**
 * The storage of one shard.
 * @module
 */

/** The D1 database and the R2 bucket with the data of a shard's projects. */
export interface Stores {
  db: D1Database;
  lake: R2Bucket;
}
