/**
 * Types of the rows of a commit.
 * @module
 */

/** A record as stored: `body` is canonical JSON, so that equal records have equal texts. */
export interface KeyedRecord {
  key: string;
  body: string;
}

/** All rows of a day, in parts that are JSON arrays. A day without data at the vendor has no parts. */
export interface DayPage {
  /** `YYYY-MM-DD` */
  day: string;
  parts: { body: string; rows: number }[];
}
