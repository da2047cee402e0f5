/**
 * The members of an organization and their roles.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Member, OrganizationDetail, Role } from "../../../../schema/wire/organization";
import { me } from "../../client/accounts";
import { dataOf, problemOf } from "../../client/http";
import { createForm } from "../../client/mutation";
import { changeRole, invitations, members, organization, removeMember } from "../../client/organizations";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import styles from "./organizations.module.css";
import { atLeast, ROLE_NAMES, ROLES } from "./roles";

/** The members. Admins change roles and remove members; only owners change owners. */
export function MembersSection(props: { organization: OrganizationDetail }): JSX.Element {
  const found = createAsync(() => members(props.organization.id), { deferStream: true });
  const reader = createAsync(() => me(), { deferStream: true });
  const [problem, setProblem] = createSignal<Problem>();
  const [leaving, setLeaving] = createSignal<Member>();
  const list = () => dataOf(found())?.data ?? [];
  const own = () => dataOf(reader())?.user.id;
  const mayManage = (member: Member) =>
    member.user_id !== own() && atLeast(props.organization.role, member.role === "owner" ? "owner" : "admin");
  const change = async (member: Member, role: Role) => {
    const result = await changeRole(props.organization.id, member.user_id, role);
    setProblem(problemOf(result));
    await revalidate(members.key);
  };
  return (
    <Section id="members" title="Members" about={<RoleWords />}>
      <ProblemNotice problem={problem()} />
      <ul class="lines">
        <For each={list()}>
          {(member) => (
            <li class={styles.member}>
              <div>
                <b>{member.name}</b>
                <Show when={member.user_id === own()}>
                  <span class="soft"> (you)</span>
                </Show>
                <p class={`small soft ${styles.memberAddress}`}>{member.email}</p>
              </div>
              <Show when={mayManage(member)} fallback={<span class="soft">{ROLES[member.role].name}</span>}>
                <RoleSelect
                  label={`Role of ${member.name}`}
                  value={member.role}
                  offered={ROLE_NAMES.filter(
                    (role) => role !== "owner" || props.organization.role === "owner",
                  )}
                  onChange={(role) => void change(member, role)}
                />
                <Button size="s" onClick={() => setLeaving(member)}>
                  Remove
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={!atLeast(props.organization.role, "admin")}>
        <p class="small soft">Only admins and owners can invite members and change roles.</p>
      </Show>
      <Dialog
        open={leaving() !== undefined}
        title={`Remove ${leaving()?.name ?? ""}`}
        onClose={() => setLeaving(undefined)}
      >
        <Show when={leaving()}>
          {(member) => (
            <Remove
              organization={props.organization}
              member={member()}
              onClose={() => setLeaving(undefined)}
            />
          )}
        </Show>
      </Dialog>
    </Section>
  );
}

function RoleWords(): JSX.Element {
  return (
    <>
      Each role includes the permissions of the roles above it.
      <span class={styles.roles}>
        <For each={ROLE_NAMES}>
          {(role) => (
            <span>
              <b>{ROLES[role].name}</b> {ROLES[role].can}
            </span>
          )}
        </For>
      </span>
    </>
  );
}

/** A select of roles. */
export function RoleSelect<R extends Role>(props: {
  label: string;
  name?: string;
  value: R;
  offered: readonly R[];
  onChange?: (role: R) => void;
}): JSX.Element {
  return (
    <select
      class={`input ${styles.roleSelect}`}
      aria-label={props.label}
      name={props.name}
      onChange={(event) => {
        const role = props.offered[event.currentTarget.selectedIndex];
        if (role) props.onChange?.(role);
      }}
    >
      <For each={props.offered}>
        {(role) => (
          <option value={role} selected={role === props.value}>
            {ROLES[role].name}
          </option>
        )}
      </For>
    </select>
  );
}

function Remove(props: {
  organization: OrganizationDetail;
  member: Member;
  onClose: () => void;
}): JSX.Element {
  const form = createForm(() => removeMember(props.organization.id, props.member.user_id), {
    revalidate: [members.key, organization.key, invitations.key],
    onSuccess: () => props.onClose(),
  });
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <p>
        {props.member.name} loses access to {props.organization.name} and its projects immediately, including
        API tokens. Invitations they sent are revoked.
      </p>
      <p class="soft">What they created stays. You can invite them again.</p>
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="danger" type="submit" busy={form.pending() ? "Removing" : undefined}>
          Remove
        </Button>
      </div>
    </form>
  );
}
