/**
 * Shared data of the source pages: the project, the drivers and the permissions of the user.
 * @module
 */
import { createAsync, useParams } from "@solidjs/router";
import { type Accessor, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Project } from "../../../../schema/wire/project";
import type { SourceDriver } from "../../../../schema/wire/source";
import type { DriverName } from "../../../../schema/wire/vendors";
import { dataOf, problemOf } from "../../client/http";
import { project } from "../../client/projects";
import { drivers } from "../../client/sources";
import { atLeast, createRole } from "../organizations/roles";
import type { StreamNames } from "./progress-strip";

const TICK_MS = 20_000;

export interface SourcesSetting {
  project: Project;
  drivers: readonly SourceDriver[];
  /** Whether the user may connect and delete sources, and change settings and keys. */
  mayManage: boolean;
  /** Whether the user may start, cancel and pause syncs, and choose accounts and interval. */
  mayRun: boolean;
}

/** Loads the data for the project of the route; undefined until everything has loaded, a problem when a request is refused. */
export function createSourcesSetting(): {
  setting: Accessor<SourcesSetting | undefined>;
  problem: Accessor<Problem | undefined>;
} {
  const params = useParams<{ id: string }>();
  const found = createAsync(() => project(params.id), { deferStream: true });
  const known = createAsync(() => drivers(params.id), { deferStream: true });
  const role = createRole(() => dataOf(found())?.organization_id);
  const setting = createMemo((): SourcesSetting | undefined => {
    const [of, list] = [dataOf(found()), dataOf(known())];
    if (!of || !list) return undefined;
    return {
      project: of,
      drivers: list.data,
      mayManage: atLeast(role(), "admin"),
      mayRun: atLeast(role(), "editor"),
    };
  });
  const problem = () => problemOf(found()) ?? problemOf(known());
  return { setting, problem };
}

/** Returns the driver of that name. */
export function driverOf(setting: SourcesSetting, name: DriverName): SourceDriver | undefined {
  return setting.drivers.find((driver) => driver.name === name);
}

/** Returns the labels of a driver's streams by name. */
export function streamNames(driver: SourceDriver | undefined): StreamNames {
  return new Map(driver?.streams.map(({ name, label }) => [name, label]));
}

/** The current time, updated while the page is open, for relative times such as "3 minutes ago". */
export function createNow(): Accessor<number> {
  const [now, setNow] = createSignal(Date.now());
  onMount(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    onCleanup(() => clearInterval(timer));
  });
  return now;
}
