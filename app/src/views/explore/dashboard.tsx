/**
 * A project's overview: metrics, chart over time, breakdowns, live events.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, createAsyncStore, revalidate, useLocation, useParams } from "@solidjs/router";
import type { JSX } from "solid-js";
import { dataOf, problemOf } from "../../client/http";
import { project } from "../../client/projects";
import { Loaded } from "../shell/loaded";
import { dashboard, dataSearch } from "./data";
import { Explore } from "./explore";

/** Loads the project and its data, both in the first response. */
export function DashboardView(): JSX.Element {
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const found = createAsync(() => project(params.id), { deferStream: true });
  const numbers = createAsyncStore(() => dashboard(params.id, dataSearch(location.search)), {
    deferStream: true,
    reconcile: { key: "key" },
  });
  return (
    <Loaded
      data={dataOf(found())}
      problem={problemOf(found())}
      retry={() => void revalidate([project.key, dashboard.key])}
    >
      {(open) => (
        <>
          <Title>{open().name} · Selvedge</Title>
          <Explore project={open()} answer={numbers()} />
        </>
      )}
    </Loaded>
  );
}
