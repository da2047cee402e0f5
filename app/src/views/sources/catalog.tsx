/**
 * The catalog of drivers by category.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { SourceDriver } from "../../../../schema/wire/source";
import { listed } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import styles from "./catalog.module.css";
import { CATEGORIES } from "./labels";
import { isMissingClient, MissingClient } from "./missing-client";
import type { SourcesSetting } from "./setting";
import { Badge } from "./vendor-badge";

const ORDER = Object.keys(CATEGORIES) as SourceDriver["category"][];

/** `isFirst`: no source is connected yet. */
export function Catalog(props: { setting: SourcesSetting; isFirst: boolean }): JSX.Element {
  const of = (category: SourceDriver["category"]) =>
    props.setting.drivers.filter((driver) => driver.category === category);
  return (
    <section class={styles.catalog} aria-labelledby="catalog">
      <h2 id="catalog">{props.isFirst ? "Available sources" : "Add a source"}</h2>
      <Show when={!props.setting.mayManage}>
        <p class="soft">Only admins and owners of the organization can connect sources.</p>
      </Show>
      <For each={ORDER.filter((category) => of(category).length > 0)}>
        {(category) => (
          <section class={styles.group} aria-label={CATEGORIES[category].title}>
            <div>
              <h3>{CATEGORIES[category].title}</h3>
              <p class="small soft">{CATEGORIES[category].about}</p>
            </div>
            <ul class={styles.cards}>
              <For each={of(category)}>
                {(driver) => <DriverCard driver={driver} setting={props.setting} />}
              </For>
            </ul>
          </section>
        )}
      </For>
    </section>
  );
}

function DriverCard(props: { driver: SourceDriver; setting: SourcesSetting }): JSX.Element {
  const streams = () =>
    listed(
      props.driver.streams.map(({ label }) => label.toLowerCase()),
      locale(),
    );
  return (
    <li class={`panel ${styles.card}`}>
      <Badge badge={props.driver.badge} />
      <div class={styles.words}>
        <h4>
          <Show when={props.setting.mayManage} fallback={props.driver.label}>
            <a href={`/projects/${props.setting.project.id}/sources/new/${props.driver.name}`}>
              {props.driver.label}
            </a>
          </Show>
        </h4>
        <p class="soft">{props.driver.description}</p>
        <Show when={props.driver.streams.length > 0}>
          <p class="small soft">Syncs {streams()}.</p>
        </Show>
        <p class={`small ${styles.permission}`}>
          <Icon name="lock" size={14} />
          {accessText(props.driver)}
        </p>
        <Show when={isMissingClient(props.driver)}>
          <MissingClient driver={props.driver} />
        </Show>
      </div>
    </li>
  );
}

/** Describes which access the driver needs. */
function accessText({ auth }: SourceDriver): string {
  if (auth.kind === "none") return "No login required.";
  if (auth.kind === "keys") return "Read-only API key.";
  return auth.configured ? "Read-only access by OAuth." : "Read-only API key.";
}
