/**
 * Shared data of the metric pages: project, role, catalog and metrics.
 * @module
 */
import { createAsync, useParams } from "@solidjs/router";
import { type Accessor, createMemo } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Metric } from "../../../../schema/wire/metric";
import type { Role } from "../../../../schema/wire/organization";
import type { Project } from "../../../../schema/wire/project";
import type { Catalog } from "../../../../worker/questions/metrics";
import { me } from "../../client/accounts";
import { dataOf, problemOf } from "../../client/http";
import { catalog, metrics } from "../../client/metrics";
import { people } from "../../client/organizations";
import { project } from "../../client/projects";
import { roleIn } from "../organizations/roles";

export interface MetricsSetting {
  project: Project;
  role: Role;
  reader: { user_id: string; name: string };
  catalog: Catalog;
  /** Metrics of the organization, and private ones of the user. */
  metrics: Metric[];
  /** Names of the members of the organization by user id. */
  people: ReadonlyMap<string, string>;
}

/** Loads the data for the project of the route; undefined until everything has loaded, a problem when a request is refused. */
export function createMetricsSetting(): {
  setting: Accessor<MetricsSetting | undefined>;
  problem: Accessor<Problem | undefined>;
} {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  const reader = createAsync(() => me(), { deferStream: true });
  const names = createAsync(() => catalog(), { deferStream: true });
  const organization = () => dataOf(found())?.organization_id;
  const list = createAsync(
    async () => {
      const id = organization();
      return id === undefined ? undefined : metrics(id);
    },
    { deferStream: true },
  );
  const members = createAsync(
    async () => {
      const id = organization();
      return id === undefined ? [] : people(id);
    },
    { deferStream: true },
  );
  const setting = createMemo((): MetricsSetting | undefined => {
    const [of, who, known, defined] = [dataOf(found()), dataOf(reader()), dataOf(names()), dataOf(list())];
    if (!of || !who || !known || !defined) return undefined;
    return {
      project: of,
      role: roleIn(who.organizations, of.organization_id) ?? "viewer",
      reader: { user_id: who.user.id, name: who.user.name },
      catalog: known,
      metrics: defined.data,
      people: new Map((members() ?? []).map(({ user_id, name }) => [user_id, name])),
    };
  });
  const problem = () =>
    [found(), reader(), names(), list()].map(problemOf).find((each) => each !== undefined);
  return { setting, problem };
}
