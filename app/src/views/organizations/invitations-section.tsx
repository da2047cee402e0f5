/**
 * Invites people, and lists pending invitations.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Invitation, OrganizationDetail } from "../../../../schema/wire/organization";
import { dataOf, problemOf } from "../../client/http";
import { createForm, textOf } from "../../client/mutation";
import { invitations, invite, withdrawInvitation } from "../../client/organizations";
import { Button } from "../../ui/button";
import { Code } from "../../ui/copy";
import { Field, TextField } from "../../ui/field";
import { ago } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import styles from "./organizations.module.css";
import { INVITED_ROLES, ROLES } from "./roles";

type InvitedRole = (typeof INVITED_ROLES)[number];

/** Result of an invitation; `link` when the e-mail could not be sent. */
interface Sent {
  email: string;
  link: string | null;
}

function invitedRole(text: string): InvitedRole {
  return INVITED_ROLES.find((role) => role === text) ?? "viewer";
}

/** For admins and owners. */
export function InvitationsSection(props: { organization: OrganizationDetail }): JSX.Element {
  const found = createAsync(() => invitations(props.organization.id), { deferStream: true });
  const [problem, setProblem] = createSignal<Problem>();
  const [sent, setSent] = createSignal<Sent>();
  const list = () => dataOf(found())?.data ?? [];
  const again = async ({ email, role }: Invitation) => {
    const result = await invite(props.organization.id, email, invitedRole(role));
    setProblem(problemOf(result));
    setSent(dataOf(result));
    await revalidate(invitations.key);
  };
  const withdraw = async ({ id }: Invitation) => {
    const result = await withdrawInvitation(props.organization.id, id);
    setProblem(problemOf(result));
    setSent(undefined);
    await revalidate(invitations.key);
  };
  return (
    <Section
      id="invitations"
      title="Invitations"
      about="An invitation link works once, for 7 days, for an account with that e-mail address."
    >
      <ProblemNotice problem={problem()} />
      <Show when={sent()}>{(result) => <SentNotice sent={result()} />}</Show>
      <Show when={list().length}>
        <ul class="lines">
          <For each={list()}>
            {(invitation) => (
              <li class={styles.member}>
                <div>
                  <b class={styles.memberAddress}>{invitation.email}</b>
                  <p class="small soft">{waiting(invitation)}</p>
                </div>
                <Button size="s" onClick={() => void again(invitation)}>
                  Resend
                </Button>
                <Button size="s" onClick={() => void withdraw(invitation)}>
                  Revoke
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <InviteForm
        organization={props.organization}
        onSent={(result) => {
          setProblem(undefined);
          setSent(result);
        }}
      />
    </Section>
  );
}

function waiting({ role, invited_by, created_at, expires_at }: Invitation): string {
  const when = ago(created_at, Date.now(), locale());
  const end = expires_at <= Date.now() ? ", expired" : "";
  return `${ROLES[role].name}, invited by ${invited_by} ${when}${end}`;
}

function SentNotice(props: { sent: Sent }): JSX.Element {
  return (
    <Show
      when={props.sent.link}
      fallback={
        <Notice kind="good" title={`Invitation sent to ${props.sent.email}`}>
          They appear under Members when they accept.
        </Notice>
      }
    >
      {(link) => (
        <>
          <Notice title="The e-mail could not be sent">
            The invitation is valid. Send this link to {props.sent.email} yourself; it is shown only once.
          </Notice>
          <Code label="Invitation link" text={link()} />
        </>
      )}
    </Show>
  );
}

function InviteForm(props: { organization: OrganizationDetail; onSent: (sent: Sent) => void }): JSX.Element {
  let form: HTMLFormElement | undefined;
  const submission = createForm(
    (data) => invite(props.organization.id, textOf(data, "email"), invitedRole(textOf(data, "role"))),
    {
      revalidate: [invitations.key],
      onSuccess: (made) => {
        form?.reset();
        props.onSent(made);
      },
    },
  );
  return (
    <form class="form" ref={form} onSubmit={submission.submit}>
      <ProblemNotice problem={submission.formProblem()} />
      <div class={styles.invite}>
        <TextField
          label="E-mail"
          name="email"
          type="email"
          required
          autocomplete="off"
          maxlength={254}
          error={submission.fieldError("email")}
        />
        <Field label="Role">
          {(control) => (
            <select {...control} class="input" name="role">
              <For each={INVITED_ROLES}>{(role) => <option value={role}>{ROLES[role].name}</option>}</For>
            </select>
          )}
        </Field>
      </div>
      <div class="form-foot">
        <Button kind="main" type="submit" busy={submission.pending() ? "Sending" : undefined}>
          Invite
        </Button>
      </div>
    </form>
  );
}
