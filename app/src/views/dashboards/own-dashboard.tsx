/**
 * /projects/[id]/dashboards/[dashboard]: loads everything that the page shows, so that it comes with the first response.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, revalidate, useLocation, useParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { Dashboard } from "../../../../schema/wire/dashboard";
import type { Project } from "../../../../schema/wire/project";
import { me } from "../../client/accounts";
import { ownDashboard } from "../../client/dashboards";
import { dataOf, problemOf } from "../../client/http";
import { catalogue, metrics } from "../../client/metrics";
import { project } from "../../client/projects";
import { Refused } from "../shell/breakage";
import { results, viewKey } from "./data";
import { namingOf } from "./naming";
import { Open } from "./open";

/** The page. */
export function OwnDashboardView(): JSX.Element {
  const params = useParams<{ id: string; dashboard: string }>();
  const location = useLocation();
  const of = createAsync(() => project(params.id), { deferStream: true });
  const found = createAsync(() => ownDashboard(params.id, params.dashboard), { deferStream: true });
  const answers = createAsync(() => results(params.id, params.dashboard, viewKey(location.search)), {
    deferStream: true,
  });
  const known = createAsync(() => catalogue(), { deferStream: true });
  const reader = createAsync(() => me(), { deferStream: true });
  const defined = createAsync(
    async () => {
      const owner = dataOf(of())?.organization_id;
      return owner === undefined ? undefined : await metrics(owner);
    },
    { deferStream: true },
  );
  const refused = () => problemOf(of()) ?? problemOf(found());
  const ready = (): { project: Project; dashboard: Dashboard } | undefined => {
    const [its, dashboard] = [dataOf(of()), dataOf(found())];
    return its && dashboard ? { project: its, dashboard } : undefined;
  };
  return (
    <>
      <Show when={refused()}>
        {(problem) => (
          <Refused problem={problem()} retry={() => void revalidate([project.key, ownDashboard.key])} />
        )}
      </Show>
      <Show when={ready()}>
        {(all) => (
          <>
            <Title>
              {all().dashboard.name} · {all().project.name} · Selvedge
            </Title>
            <Open
              project={all().project}
              saved={all().dashboard}
              answer={answers()}
              naming={namingOf(dataOf(known()), dataOf(defined())?.data ?? [])}
              catalogue={dataOf(known())}
              defined={dataOf(defined())?.data ?? []}
              me={dataOf(reader())}
            />
          </>
        )}
      </Show>
    </>
  );
}
