import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pages } from "../../../../worker/pipeline/fold/pages";
import {
  latestSessions,
  type Session,
  type SessionPage,
  startSession,
} from "../../../../worker/pipeline/rollup";
import { makeRow } from "../../../support/make-row";

const session = (id: number): Session =>
  startSession(makeRow({ event_id: `e${id}`, timestamp: 1000 + id }), `v${id}`);

/** A table of pages, changed like the one in D1. */
function store() {
  const bodies = new Map<number, string>();
  return {
    pages: (): SessionPage[] => [...bodies].map(([page, body]) => ({ page, body })),
    apply({ written, removed }: ReturnType<Pages["write"]>): number {
      for (const page of removed) expect(bodies.delete(page)).toBe(true);
      for (const { page, body } of written) bodies.set(page, body);
      return written.length + removed.length;
    },
  };
}

const byKey = (sessions: Iterable<Session>) => new Map([...sessions].map((one) => [one.key, one.events]));

describe("pages", () => {
  it("contain the latest version of every session, also when they are read again in between", () => {
    const step = fc.record({
      fresh: fc.integer({ min: 0, max: 900 }),
      again: fc.array(fc.nat(), { maxLength: 40 }),
      reads: fc.boolean(),
      rewrites: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const stored = store();
        let pages = new Pages([]);
        let sessions: Session[] = [];
        let made = 0;
        for (const { fresh, again, reads, rewrites } of steps) {
          const touched = new Set(Array.from({ length: fresh }, () => session(made++)));
          for (const at of again) {
            const one = sessions[at % sessions.length];
            if (one) {
              one.events++;
              touched.add(one);
            }
          }
          sessions = [...new Set([...sessions, ...touched])];
          stored.apply(pages.write(touched));
          if (rewrites) {
            sessions = sessions.slice(Math.floor(sessions.length / 2));
            stored.apply(pages.rewrite(sessions));
          }
          expect(byKey(latestSessions(stored.pages()))).toEqual(byKey(sessions));
          if (reads) {
            pages = new Pages(stored.pages());
            sessions = [...pages.sessions];
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("write few pages for few sessions, however many there are", () => {
    const stored = store();
    const pages = new Pages([]);
    const sessions = Array.from({ length: 20_000 }, (_, i) => session(i));
    stored.apply(pages.write(sessions));
    let rows = 0;
    for (let turn = 0; turn < 200; turn++) {
      const touched = [sessions[(turn * 97) % 20_000]!, sessions[(turn * 389) % 20_000]!];
      for (const one of touched) one.events++;
      rows += stored.apply(pages.write(touched));
    }
    expect(rows).toBeLessThan(3 * 200);
    expect(byKey(latestSessions(stored.pages()))).toEqual(byKey(sessions));
  });
});
