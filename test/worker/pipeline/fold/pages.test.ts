import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexPage, Pages, type PagesChange } from "../../../../worker/pipeline/fold/pages";
import { PageRewriter } from "../../../../worker/pipeline/fold/rewrite-pages";
import { OpenPages, type Session, type SessionPage, startSession } from "../../../../worker/pipeline/rollup";
import { makeRow } from "../../../support/make-row";

const session = (id: number): Session =>
  startSession(makeRow({ event_id: `e${id}`, timestamp: 1000 + id }), `v${id}`);

/** A table of pages, changed like the one in D1. */
function store() {
  const bodies = new Map<number, string>();
  const pages = (): SessionPage[] =>
    [...bodies].map(([page, body]) => ({ page, body })).sort((a, b) => b.page - a.page);
  return {
    pages,
    current: () => [...new OpenPages(pages()).byPage()].flat(),
    apply({ written, removed }: PagesChange): number {
      for (const page of removed) expect(bodies.delete(page)).toBe(true);
      for (const { page, body } of written) bodies.set(page, body);
      return written.length + removed.length;
    },
    /** A fold that changes the sessions of these keys, and adds some. */
    fold(keys: readonly string[], fresh: readonly Session[]) {
      const open = new Pages(new Set(keys));
      const loaded = pages().flatMap((page) => open.load(indexPage(page)));
      const touched = loaded.filter(({ key }) => keys.includes(key));
      for (const one of touched) one.events++;
      return { change: open.write([...touched, ...fresh]), loaded };
    },
  };
}

const byKey = (sessions: Iterable<Session>) => new Map([...sessions].map((one) => [one.key, one.events]));

describe("pages", () => {
  it("contain the latest version of every session, also when they are read again in between", () => {
    const step = fc.record({
      fresh: fc.integer({ min: 0, max: 900 }),
      again: fc.array(fc.nat(), { maxLength: 40 }),
      leaves: fc.option(fc.integer({ min: 0, max: 7 }), { freq: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const stored = store();
        const expected = new Map<string, number>();
        let made = 0;
        for (const { fresh, again, leaves } of steps) {
          const known = [...expected.keys()];
          const keys = [...new Set(again.flatMap((at) => known[at % known.length] ?? []))];
          const added = Array.from({ length: fresh }, () => session(made++));
          stored.apply(stored.fold(keys, added).change);
          for (const key of keys) expected.set(key, (expected.get(key) ?? 0) + 1);
          for (const one of added) expected.set(one.key, one.events);
          expect(byKey(stored.current())).toEqual(expected);
          if (leaves === null) continue;
          const pages = new PageRewriter();
          const left = stored
            .pages()
            .flatMap((page) => pages.visit(page, (one) => one.started_at % 7 < leaves));
          expect(left.every((one) => expected.delete(one.key))).toBe(true);
          const extra = session(made++);
          pages.add(extra);
          expected.set(extra.key, extra.events);
          stored.apply(pages.take());
          expect(byKey(stored.current())).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("write few pages for few sessions, however many there are", () => {
    const stored = store();
    const sessions = Array.from({ length: 20_000 }, (_, i) => session(i));
    stored.apply(stored.fold([], sessions).change);
    let rows = 0;
    let loaded = 0;
    for (let turn = 0; turn < 200; turn++) {
      const touched = [sessions[(turn * 97) % 20_000]!, sessions[(turn * 389) % 20_000]!];
      for (const one of new Set(touched)) one.events++;
      const fold = stored.fold(
        touched.map(({ key }) => key),
        [],
      );
      rows += stored.apply(fold.change);
      loaded = Math.max(loaded, fold.loaded.length);
    }
    expect(rows).toBeLessThan(3 * 200);
    expect(loaded).toBeLessThan(2_000);
    expect(byKey(stored.current())).toEqual(byKey(sessions));
  });
});
