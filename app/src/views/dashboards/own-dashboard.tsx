/**
 * /projects/[id]/dashboards/[dashboard]: loads all data of the page, so that it is in the first response.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync, revalidate, useLocation, useParams } from "@solidjs/router";
import { createMemo, type JSX } from "solid-js";
import type { Dashboard } from "../../../../schema/wire/dashboard";
import type { Project } from "../../../../schema/wire/project";
import { me } from "../../client/accounts";
import { ownDashboard } from "../../client/dashboards";
import { dataOf, problemOf } from "../../client/http";
import { catalog, metrics } from "../../client/metrics";
import { project } from "../../client/projects";
import { Loaded } from "../shell/loaded";
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
  const known = createAsync(() => catalog(), { deferStream: true });
  const reader = createAsync(() => me(), { deferStream: true });
  const defined = createAsync(
    async () => {
      const owner = dataOf(of())?.organization_id;
      return owner === undefined ? undefined : await metrics(owner);
    },
    { deferStream: true },
  );
  const ofPeople = createMemo(() => dataOf(defined())?.data ?? []);
  const naming = createMemo(() => namingOf(dataOf(known()), ofPeople()));
  const refused = () => problemOf(of()) ?? problemOf(found());
  const ready = (): { project: Project; dashboard: Dashboard } | undefined => {
    const [its, dashboard] = [dataOf(of()), dataOf(found())];
    return its && dashboard ? { project: its, dashboard } : undefined;
  };
  return (
    <Loaded data={ready()} problem={refused()} retry={() => void revalidate([project.key, ownDashboard.key])}>
      {(all) => (
        <>
          <Title>
            {all().dashboard.name} · {all().project.name} · Selvedge
          </Title>
          <Open
            project={all().project}
            saved={all().dashboard}
            answer={answers()}
            naming={naming()}
            catalog={dataOf(known())}
            defined={ofPeople()}
            me={dataOf(reader())}
          />
        </>
      )}
    </Loaded>
  );
}
