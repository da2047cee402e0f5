/**
 * The account page: profile, organizations, sign-in sessions and API tokens.
 * @module
 */
import { Title } from "@solidjs/meta";
import { createAsync } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import { logout, me } from "../../client/accounts";
import { dataOf } from "../../client/http";
import { createForm } from "../../client/mutation";
import { resendVerification } from "../../client/recovery";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import { OrganizationsSection } from "../organizations/organizations-section";
import { Main, TopBar } from "../shell/shell";
import { SessionsSection } from "./sessions-section";
import { TokensSection } from "./tokens-section";

/** The page; each section loads its own data, all in the first response. */
export function AccountView(): JSX.Element {
  const reader = createAsync(() => me(), { deferStream: true });
  const user = () => dataOf(reader())?.user;
  const leave = async () => {
    await logout();
    window.location.assign("/login");
  };
  return (
    <>
      <Title>Account · Selvedge</Title>
      <TopBar>
        <h1 class="top-title">Account</h1>
        <Button onClick={leave}>
          <Icon name="out" size={18} />
          Sign out
        </Button>
      </TopBar>
      <Main>
        <div class="settings">
          <Section title="Profile" about="Your sign-in details.">
            <Show when={user()}>
              {(shown) => (
                <>
                  <p>
                    <b>{shown().name}</b>
                    <br />
                    <span class="soft">{shown().email}</span>
                  </p>
                  <Show when={!shown().email_verified}>
                    <Unconfirmed email={shown().email} />
                  </Show>
                  <p>
                    <a href="/forgot-password">Change password</a>
                  </p>
                </>
              )}
            </Show>
          </Section>
          <OrganizationsSection />
          <SessionsSection />
          <TokensSection />
        </div>
      </Main>
    </>
  );
}

function Unconfirmed(props: { email: string }): JSX.Element {
  const [sent, setSent] = createSignal(false);
  const form = createForm(() => resendVerification(props.email), { onSuccess: () => setSent(true) });
  return (
    <form onSubmit={form.submit} class="form">
      <ProblemNotice problem={form.problem()} />
      <Notice
        title={sent() ? "E-mail sent. Check your inbox" : "E-mail not confirmed"}
        action={
          <Show when={!sent()}>
            <Button size="s" type="submit" busy={form.pending() ? "Sending" : undefined}>
              Resend link
            </Button>
          </Show>
        }
      >
        A confirmed address is needed to reset your password. Everything else works.
      </Notice>
    </form>
  );
}
