/**
 * Checks that a source is read, and on time.
 * @module
 */
import { DAY_MS, HOUR_MS } from "../../../lib/time";
import { type Check, failed, passed, unknown } from "../check";

/** How long before the expiry of access people are notified. */
const EXPIRY_NOTICE_MS = 7 * DAY_MS;
/** Time limit of a first read. */
const FIRST_READ_MS = DAY_MS;
/** A sync may be missed, and the next one may take a while. */
const MISSED_SYNCS = 2;
const MARGIN_MS = 2 * HOUR_MS;

/** Access. */
export const access: Check = {
  name: "access",
  label: "Access",
  meaning: "The connection can read from the vendor and will not expire within a week.",
  severity: "problem",
  when: "clock",
  evaluate({ source, driver, now }) {
    if (source.status === "connecting") return unknown("The source is not connected yet.");
    if (source.status === "broken")
      return failed(`${driver.label} no longer grants access: connect the source again.`, {
        wrong: 1,
        all: 1,
        examples: [],
        error: source.error?.code ?? null,
      });
    const end = source.access_expires_at;
    if (end === null || end > now + EXPIRY_NOTICE_MS) return passed("Access works.");
    const day = new Date(end).toISOString().slice(0, 10);
    return failed(`Access expires on ${day}: connect the source again before then.`, {
      wrong: 1,
      all: 1,
      examples: [],
      ends_at: end,
    });
  },
};

/** Freshness. */
export const freshness: Check = {
  name: "freshness",
  label: "Freshness",
  meaning: "Every stream was synced within the last two scheduled syncs.",
  severity: "problem",
  when: "clock",
  evaluate({ source, driver, cursors, now }) {
    const allowed = MISSED_SYNCS * source.interval_ms + MARGIN_MS;
    const accounts = source.accounts.filter(({ selected }) => selected);
    const units = accounts.flatMap(({ id: account }) =>
      driver.streams.map(({ name: stream }) => {
        const own = cursors.find((each) => each.stream === stream && each.account === account);
        return { stream, account, complete_until: own?.complete_until ?? null };
      }),
    );
    if (units.length === 0) return unknown("No account is selected.");
    const isYoung = now - source.created_at < FIRST_READ_MS;
    if (isYoung && units.some(({ complete_until }) => complete_until === null))
      return unknown("The first sync is running.");
    const late = units.filter(({ complete_until }) => now - (complete_until ?? 0) > allowed);
    if (late.length === 0) return passed("Every stream was synced in time.", { allowed_ms: allowed });
    const names = [...new Set(late.map(({ stream }) => labelOf(driver, stream)))];
    const untils = late.flatMap(({ complete_until }) => complete_until ?? []);
    const since =
      untils.length < late.length
        ? "was never fully synced"
        : `was last synced up to ${new Date(Math.min(...untils)).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    return failed(`${names.join(", ")} ${since}.`, {
      wrong: late.length,
      all: units.length,
      examples: late,
      allowed_ms: allowed,
    });
  },
};

function labelOf({ streams }: { streams: readonly { name: string; label: string }[] }, name: string): string {
  return streams.find((stream) => stream.name === name)?.label ?? name;
}
