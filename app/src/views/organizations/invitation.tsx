/**
 * What the link of an invitation leads to: who invites to what, and the next step for whoever looks at it.
 * @module
 */
import { createAsync, useParams } from "@solidjs/router";
import { type JSX, Match, Show, Switch } from "solid-js";
import type { InvitationView as Invited } from "../../../../schema/wire/organization";
import { logout, optionalMe } from "../../client/accounts";
import { dataOf, problemOf } from "../../client/http";
import { createForm } from "../../client/mutation";
import { acceptInvitation, invitation } from "../../client/organizations";
import { Button, ButtonLink } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { AuthPage } from "../accounts/auth-page";
import { ROLES } from "./roles";

/** The page; reading it changes nothing, because mail scanners open links too. */
export function InvitationView(): JSX.Element {
  const params = useParams<{ token: string }>();
  const found = createAsync(() => invitation(params.token), { deferStream: true });
  const view = () => dataOf(found());
  const problem = () => problemOf(found());
  return (
    <Switch>
      <Match when={view()}>{(shown) => <Open view={shown()} token={params.token} />}</Match>
      <Match when={problem()}>
        {(refused) => (
          <AuthPage title="This invitation is over" foot={<a href="/projects">To your projects</a>}>
            <Notice title={refused().status === 404 ? "The link leads nowhere" : refused().title}>
              {refused().status === 404
                ? "It was used, withdrawn or replaced by a newer one, or it is older than seven days. Ask whoever sent it for another."
                : refused().detail}
            </Notice>
          </AuthPage>
        )}
      </Match>
    </Switch>
  );
}

function Open(props: { view: Invited; token: string }): JSX.Element {
  const reader = createAsync(() => optionalMe(), { deferStream: true });
  const email = () => dataOf(reader())?.user.email;
  const role = () => ROLES[props.view.role];
  return (
    <AuthPage
      title={`You are invited to ${props.view.organization.name}`}
      lead={
        <>
          {props.view.invited_by} would like to share its numbers with you, as{" "}
          <b>{role().name.toLowerCase()}</b>: somebody who {role().can}.
        </>
      }
      foot={<>The invitation is for {props.view.email}.</>}
    >
      <Show when={reader()}>
        <Switch>
          <Match when={email() === props.view.email}>
            <Accept token={props.token} />
          </Match>
          <Match when={email()}>
            {(other) => <OtherAccount signedIn={other()} invited={props.view.email} />}
          </Match>
          <Match when={email() === undefined}>
            <Enter token={props.token} email={props.view.email} />
          </Match>
        </Switch>
      </Show>
    </AuthPage>
  );
}

function Accept(props: { token: string }): JSX.Element {
  const form = createForm(() => acceptInvitation(props.token), {
    onSuccess: () => window.location.assign("/projects"),
  });
  return (
    <form class="form" method="post" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <Button kind="main" type="submit" busy={form.pending() ? "Joining" : undefined}>
        Accept
      </Button>
      <p class="soft small">Your name and e-mail are then seen by its members.</p>
    </form>
  );
}

function OtherAccount(props: { signedIn: string; invited: string }): JSX.Element {
  const leave = async () => {
    await logout();
    window.location.reload();
  };
  return (
    <Notice
      title="You are signed in with another address"
      action={
        <Button size="s" onClick={leave}>
          Sign out and go on
        </Button>
      }
    >
      This is {props.signedIn}; only an account for {props.invited} can accept.
    </Notice>
  );
}

/** The way through an account and back here. */
function Enter(props: { token: string; email: string }): JSX.Element {
  const query = () => new URLSearchParams({ next: `/invitations/${props.token}`, email: props.email });
  return (
    <div class="form">
      <p>To accept, make an account for {props.email}, or sign in if you have one. You come back here.</p>
      <ButtonLink kind="main" href={`/register?${query()}`}>
        Make an account
      </ButtonLink>
      <ButtonLink href={`/login?${query()}`}>Sign in</ButtonLink>
    </div>
  );
}
