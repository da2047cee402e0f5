/**
 * The pages that an e-mail leads to, or that send one.
 * @module
 */
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import { createForm, textOf } from "../../client/mutation";
import { forgotPassword, resetPassword, verifyEmail } from "../../client/recovery";
import { Button, ButtonLink } from "../../ui/button";
import { PasswordField, TextField } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { AuthPage } from "./auth-page";

const BACK = (
  <>
    Back to <a href="/login">sign in</a>
  </>
);

/** Asks for the e-mail that lets its reader choose a new password. */
export function ForgotPasswordView(): JSX.Element {
  const [sent, setSent] = createSignal<string>();
  const form = createForm((data) => forgotPassword(textOf(data, "email")), {
    onSuccess: (_, data) => setSent(textOf(data, "email")),
  });
  return (
    <AuthPage
      title="Forgot the password"
      lead="Say where, and we send a link that lets you choose a new one."
      foot={BACK}
    >
      <Show
        when={!sent()}
        fallback={
          <Notice kind="good" title="Look at your inbox">
            If {sent()} has an account, an e-mail with a link is on its way. The old password works until you
            choose another.
          </Notice>
        }
      >
        <form class="form" method="post" onSubmit={form.submit}>
          <ProblemNotice problem={form.problem()} />
          <TextField label="E-mail" name="email" type="email" autocomplete="username" required />
          <Button kind="main" type="submit" busy={form.pending() ? "Sending" : undefined}>
            Send the link
          </Button>
        </form>
      </Show>
    </AuthPage>
  );
}

/** Chooses a new password with the token of the e-mail's link. */
export function ResetPasswordView(): JSX.Element {
  const [params] = useSearchParams<{ token?: string }>();
  const navigate = useNavigate();
  const form = createForm(
    (data) => resetPassword(String(params.token ?? ""), String(data.get("password") ?? "")),
    { onSuccess: () => navigate("/login?reset=1") },
  );
  return (
    <AuthPage
      title="Choose a new password"
      lead="Every open session ends, and you sign in again with the new one."
      foot={BACK}
    >
      <form class="form" method="post" onSubmit={form.submit}>
        <ProblemNotice
          problem={form.problem()}
          action={
            <ButtonLink size="s" href="/forgot-password">
              New link
            </ButtonLink>
          }
        />
        <PasswordField
          label="New password"
          name="password"
          autocomplete="new-password"
          minlength={8}
          required
          hint="8 characters or more."
          error={form.fieldError("password")}
        />
        <Button kind="main" type="submit" busy={form.pending() ? "Setting it" : undefined}>
          Set the password
        </Button>
      </form>
    </AuthPage>
  );
}

/** Confirms an address; by a press, because mail scanners open links too. */
export function VerifyEmailView(): JSX.Element {
  const [params] = useSearchParams<{ token?: string }>();
  const [confirmed, setConfirmed] = createSignal(false);
  const form = createForm(() => verifyEmail(String(params.token ?? "")), {
    onSuccess: () => setConfirmed(true),
  });
  return (
    <AuthPage
      title="Confirm your e-mail"
      lead="So that a lost password can find its way back to you."
      foot={BACK}
    >
      <Show
        when={!confirmed()}
        fallback={
          <Notice
            kind="good"
            title="Confirmed"
            action={
              <ButtonLink size="s" href="/projects">
                To your projects
              </ButtonLink>
            }
          >
            The address is yours.
          </Notice>
        }
      >
        <form class="form" method="post" onSubmit={form.submit}>
          <ProblemNotice problem={form.problem()} />
          <Button kind="main" type="submit" busy={form.pending() ? "Confirming" : undefined}>
            Confirm this address
          </Button>
        </form>
      </Show>
    </AuthPage>
  );
}
