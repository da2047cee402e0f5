/**
 * A project's dashboard, top to bottom: how much, when, what, now.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, createAsyncStore, revalidate, useLocation, useParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { dataOf, problemOf } from "../../client/http";
import { project } from "../../client/projects";
import { Refused } from "../shell/breakage";
import { dashboard, dataSearch } from "./data";
import { Explore } from "./explore";

/** Loads the project and its numbers; both come with the first response. */
export function DashboardView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const found = createAsync(() => project(params.id), { deferStream: true });
  const numbers = createAsyncStore(() => dashboard(params.id, dataSearch(location.search)), {
    deferStream: true,
    reconcile: { key: "key" },
  });
  const data = () => dataOf(found());
  const problem = () => problemOf(found());
  return (
    <>
      <Show when={problem()}>
        {(refused) => (
          <Refused problem={refused()} retry={() => void revalidate([project.key, dashboard.key])} />
        )}
      </Show>
      <Show when={data()}>
        {(open) => (
          <>
            <Title>{open().name} · Selvedge</Title>
            <Explore project={open()} answer={numbers()} />
          </>
        )}
      </Show>
    </>
  );
}
