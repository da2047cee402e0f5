/**
 * Usage of the API limits by account, and the state of the circuit breaker.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { AccountLimits } from "../../../../schema/wire/source";
import { ago, counted, moment, percent } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Help } from "../../ui/popover";
import styles from "./limits-section.module.css";
import sectionStyles from "./section.module.css";
import type { SourceProps } from "./source-props";
import statusStyles from "./status.module.css";

/** Share from which a limit is highlighted. */
const NEAR = 0.8;

/** Empty until the first request to the vendor. */
export function LimitsSection(props: SourceProps): JSX.Element {
  return (
    <Show when={props.source.limits.length > 0}>
      <section class={sectionStyles.section} aria-labelledby="limits">
        <div class={sectionStyles.head}>
          <h2 id="limits">
            API limits{" "}
            <Help about="API limits">
              Usage as reported by the platform, otherwise counted here. All streams of an account share its
              limits.
            </Help>
          </h2>
        </div>
        <ul class="panel limits">
          <For each={props.source.limits}>{(account) => <AccountLine {...props} account={account} />}</For>
        </ul>
      </section>
    </Show>
  );
}

function AccountLine(props: SourceProps & { account: AccountLimits }): JSX.Element {
  const name = () =>
    props.source.accounts.find(({ id }) => id === props.account.account)?.name ?? props.account.account;
  return (
    <li class={styles.account}>
      <div>
        <h3>{name()}</h3>
        <Breaker {...props} />
      </div>
      <ul class={styles.bars}>
        <For each={props.account.limits}>
          {(limit) => (
            <li class={styles.limit} data-near={limit.used >= NEAR ? "" : undefined}>
              <i class={styles.bar} style={{ width: `${Math.min(1, limit.used) * 100}%` }} />
              <span>{limit.name.replaceAll("_", " ")}</span>
              <Show when={limit.until}>
                {(until) => (
                  <span class="small soft">
                    resets at{" "}
                    {moment(until(), locale(), props.setting.project.timezone, { timeStyle: "short" })}
                  </span>
                )}
              </Show>
              <b>{percent(limit.used, locale(), 0)}</b>
            </li>
          )}
        </For>
      </ul>
    </li>
  );
}

/** The state of the circuit breaker. */
function Breaker(props: SourceProps & { account: AccountLimits }): JSX.Element {
  const text = () => {
    const { breaker, failures, opens_until } = props.account;
    if (breaker === "half_open") return "Testing with one request";
    if (breaker === "open")
      return `Paused after ${counted(failures, "consecutive failure", locale())}${
        opens_until === null ? "" : `, retries ${ago(opens_until, props.now, locale())}`
      }`;
    return failures > 0 ? `OK, last ${failures} failed` : "OK";
  };
  return (
    <p
      class={`${statusStyles.status} small`}
      data-tone={props.account.breaker === "closed" ? undefined : "bad"}
    >
      <Icon name={props.account.breaker === "closed" ? "check" : "pause"} size={14} />
      {text()}
    </p>
  );
}
