/**
 * Renders the page once the current user is known; a 401 redirects to sign-in.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import { me } from "../../client/accounts";
import { problemOf } from "../../client/http";
import { Refused } from "./breakage";
import { Shell } from "./shell";

/** Wraps a signed-in page. */
export function SignedIn(props: { children: JSX.Element }): JSX.Element {
  const reader = createAsync(() => me(), { deferStream: true });
  const problem = () => problemOf(reader());
  return (
    <Switch>
      <Match when={problem()}>
        {(refused) => <Refused problem={refused()} retry={() => window.location.reload()} />}
      </Match>
      <Match when={reader()?.ok}>
        <Shell>{props.children}</Shell>
      </Match>
    </Switch>
  );
}
