/**
 * An edited dashboard: changes apply at once and are saved in the background. Versions saved by others in the meantime are
 * never overwritten without confirmation.
 * @module
 */
import { query, revalidate } from "@solidjs/router";
import { type Accessor, createEffect, createMemo, createSignal, on } from "solid-js";
import type { Dashboard, DashboardContent } from "../../../../schema/wire/dashboard";
import type { Problem } from "../../../../schema/wire/error";
import { changeDashboard, dashboards, ownDashboard, readDashboard } from "../../client/dashboards";
import { results } from "./data";

/** Maximum number of undo steps. */
const MAX_STEPS = 50;

type Change = Partial<DashboardContent> & Partial<Pick<Dashboard, "sharing">>;

export interface Draft {
  /** The dashboard with every change, saved or not. */
  content: Accessor<Dashboard>;
  /** Loads the version of another user; reloads the page when the dashboard no longer exists. */
  read: () => Promise<void>;
  /** Applies a change and saves it. */
  change: (change: Change) => void;
  state: Accessor<"saved" | "saving" | "idle">;
  problem: Accessor<Problem | undefined>;
  /** The other version after a conflict. */
  conflict: Accessor<Dashboard | undefined>;
  takeTheirs: () => void;
  keepMine: () => void;
  retry: () => void;
  canUndo: Accessor<boolean>;
  undo: () => void;
}

const contentOf = ({
  name,
  description,
  range,
  compare,
  filters,
  widgets,
  sharing,
}: Dashboard): DashboardContent & Pick<Dashboard, "sharing"> => ({
  name,
  description,
  range,
  compare,
  filters,
  widgets,
  sharing,
});

/** The queries of all widgets; when they change, results reload. */
const queriesOf = ({ range, compare, filters, widgets }: Dashboard) =>
  JSON.stringify([range, compare, filters, widgets.map(({ id, kind, query }) => [id, kind, query])]);

/** Follows `saved`, the last version from the server. */
export function createDraft(saved: Accessor<Dashboard>): Draft {
  const [local, setLocal] = createSignal<Dashboard>();
  const [base, setBase] = createSignal(saved());
  const [state, setState] = createSignal<"saved" | "saving" | "idle">("idle");
  const [problem, setProblem] = createSignal<Problem>();
  const [conflict, setConflict] = createSignal<Dashboard>();
  const [steps, setSteps] = createSignal<Dashboard[]>([]);
  const [fetched, setFetched] = createSignal<Dashboard>();
  /** The last version from the server. */
  const newest = createMemo(() => {
    const [page, other] = [saved(), fetched()];
    return other && other.id === page.id && other.version > page.version ? other : page;
  });
  const content = createMemo(() => local() ?? newest());
  /** A change that was saved or discarded; shown until the page has the version of the server. */
  const [done, setDone] = createSignal<Dashboard>();
  let isBusy = false;
  let loadedQueries = queriesOf(saved());

  /** Reloads the results when the queries of the widgets changed. */
  const recount = (next: Dashboard) => {
    if (queriesOf(next) === loadedQueries) return;
    loadedQueries = queriesOf(next);
    void revalidate(results.key);
  };
  createEffect(
    on(newest, (next, before) => {
      if (before && next.id !== before.id) {
        setLocal(undefined);
        setSteps([]);
        setConflict(undefined);
      }
      // A response requested before a save must not revert the page.
      if (!local() && (next.id !== base().id || next.version > base().version)) setBase(next);
      if (next.id !== before?.id) loadedQueries = queriesOf(next);
      else if (next.version >= base().version) recount(next);
    }),
  );
  createEffect(() => {
    const isThere = newest().version >= base().version;
    if (local() && local() === done() && isThere) setLocal(undefined);
  });

  async function send(): Promise<void> {
    const sent = local();
    if (isBusy || !sent || conflict()) return;
    isBusy = true;
    setState("saving");
    const { project_id, id } = sent;
    const { version } = base();
    const found = await changeDashboard(project_id, id, {
      ...contentOf(sent),
      filters: sent.filters ?? null,
      version,
    });
    isBusy = false;
    if (found.ok) {
      setProblem(undefined);
      setBase(found.data);
      setFetched(found.data);
      if (local() !== sent) return send();
      setDone(sent);
      recount(found.data);
      // Updates the cached lists directly: a second transition during the first would delay both.
      query.set(ownDashboard.keyFor(project_id, id), found);
      void revalidate(dashboards.key);
      setState("saved");
    } else if (found.problem.status === 409) {
      setState("idle");
      const theirs = await readDashboard(project_id, id);
      if (theirs.ok) setConflict(theirs.data);
      else setProblem(theirs.problem);
    } else {
      setState("idle");
      setProblem(found.problem);
    }
  }

  const apply = (next: Dashboard) => {
    setLocal(next);
    void send();
  };
  return {
    content,
    async read() {
      const { project_id, id } = newest();
      const found = await readDashboard(project_id, id);
      if (found.ok) setFetched(found.data);
      else void revalidate(ownDashboard.key);
    },
    state,
    problem,
    conflict,
    change(change) {
      setSteps((all) => [...all, content()].slice(-MAX_STEPS));
      apply({ ...content(), ...change });
    },
    canUndo: () => steps().length > 0,
    undo() {
      const last = steps().at(-1);
      if (!last) return;
      setSteps((all) => all.slice(0, -1));
      apply(last);
    },
    takeTheirs() {
      const theirs = conflict();
      if (!theirs) return;
      setConflict(undefined);
      setSteps([]);
      setBase(theirs);
      setFetched(theirs);
      setDone(local());
    },
    keepMine() {
      const theirs = conflict();
      if (!theirs) return;
      setConflict(undefined);
      setBase(theirs);
      void send();
    },
    retry() {
      setProblem(undefined);
      void send();
    },
  };
}
