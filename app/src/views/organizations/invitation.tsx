/**
 * The page of an invitation link: who invites, the role, and the next step for the current user.
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

/** The page; opening it changes nothing, because mail scanners open links too. */
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
          <AuthPage title="Invitation expired or already used" foot={<a href="/projects">Go to projects</a>}>
            <Notice title={refused().status === 404 ? "This link is not valid" : refused().title}>
              {refused().status === 404
                ? "It was used, revoked or replaced, or it is older than 7 days. Ask the sender for a new one."
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
      title={`Join ${props.view.organization.name}`}
      lead={
        <>
          {props.view.invited_by} invites you as <b>{role().name.toLowerCase()}</b>. This role {role().can}.
        </>
      }
      foot={<>This invitation is for {props.view.email}.</>}
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
        Accept invitation
      </Button>
      <p class="soft small">Members will see your name and e-mail address.</p>
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
      title="You are signed in with another account"
      action={
        <Button size="s" onClick={leave}>
          Sign out and continue
        </Button>
      }
    >
      You are signed in as {props.signedIn}. This invitation is for {props.invited}.
    </Notice>
  );
}

/** Links to register or sign in, and back to this page. */
function Enter(props: { token: string; email: string }): JSX.Element {
  const query = () => new URLSearchParams({ next: `/invitations/${props.token}`, email: props.email });
  return (
    <div class="form">
      <p>Create an account for {props.email}, or sign in to an existing one, to accept.</p>
      <ButtonLink kind="main" href={`/register?${query()}`}>
        Create account
      </ButtonLink>
      <ButtonLink href={`/login?${query()}`}>Sign in</ButtonLink>
    </div>
  );
}
