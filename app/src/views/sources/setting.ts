/**
 * What every page about sources needs to know: the project, what can be connected, and the reader's part.
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
  /** Whether the reader connects and removes sources, and changes settings and keys. */
  mayManage: boolean;
  /** Whether the reader begins, stops and pauses reading, and says of which accounts and how often. */
  mayRun: boolean;
}

/** Loads it for the project of the address; undefined until everything is there, a problem when something is refused. */
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

/** The driver of that name; every source's driver is among those that can be connected. */
export function driverOf(setting: SourcesSetting, name: DriverName): SourceDriver | undefined {
  return setting.drivers.find((driver) => driver.name === name);
}

/** What a driver's streams are called. */
export function streamNames(driver: SourceDriver | undefined): StreamNames {
  return new Map(driver?.streams.map(({ name, label }) => [name, label]));
}

/** The time, which goes on while the page is open: "3 minutes ago" must not stay so. */
export function createNow(): Accessor<number> {
  const [now, setNow] = createSignal(Date.now());
  onMount(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    onCleanup(() => clearInterval(timer));
  });
  return now;
}
