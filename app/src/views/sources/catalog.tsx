/**
 * What can be connected, by what it is about.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { SourceDriver } from "../../../../schema/wire/source";
import { listed } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import styles from "./catalog.module.css";
import { CATEGORIES } from "./labels";
import { LackWords, lacks } from "./lack";
import type { SourcesSetting } from "./setting";
import { Swatch } from "./vendor-badge";

const ORDER = Object.keys(CATEGORIES) as SourceDriver["category"][];

/** The cards. `isFirst`: nothing is connected yet, so this is the page. */
export function Catalogue(props: { setting: SourcesSetting; isFirst: boolean }): JSX.Element {
  const of = (category: SourceDriver["category"]) =>
    props.setting.drivers.filter((driver) => driver.category === category);
  return (
    <section class={styles.catalog} aria-labelledby="catalogue">
      <h2 id="catalogue">{props.isFirst ? "What you can connect" : "Connect another"}</h2>
      <Show when={!props.setting.mayManage}>
        <p class="soft">Admins and owners of the organisation connect sources. Ask one of them.</p>
      </Show>
      <For each={ORDER.filter((category) => of(category).length > 0)}>
        {(category) => (
          <section class={styles.group} aria-label={CATEGORIES[category].title}>
            <div>
              <h3>{CATEGORIES[category].title}</h3>
              <p class="small soft">{CATEGORIES[category].about}</p>
            </div>
            <ul class={styles.cards}>
              <For each={of(category)}>{(driver) => <Offer driver={driver} setting={props.setting} />}</For>
            </ul>
          </section>
        )}
      </For>
    </section>
  );
}

function Offer(props: { driver: SourceDriver; setting: SourcesSetting }): JSX.Element {
  const streams = () =>
    listed(
      props.driver.streams.map(({ label }) => label.toLowerCase()),
      locale(),
    );
  return (
    <li class={`panel ${styles.card}`}>
      <Swatch badge={props.driver.badge} />
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
          <p class="small soft">Reads {streams()}.</p>
        </Show>
        <p class={`small ${styles.permission}`}>
          <Icon name="lock" size={14} />
          {rightWords(props.driver)}
        </p>
        <Show when={lacks(props.driver)}>
          <LackWords driver={props.driver} />
        </Show>
      </div>
    </li>
  );
}

/** Which rights are asked for. */
function rightWords({ auth }: SourceDriver): string {
  if (auth.kind === "none") return "Needs no login.";
  if (auth.kind === "keys") return "Needs a key that may read; nothing is written.";
  return auth.configured ? "Asks for consent to read; nothing is written." : "Needs a key that may read.";
}
