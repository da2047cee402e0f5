/**
 * Password reset and e-mail confirmation.
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

/** Sends the e-mail with the link to reset the password. */
export function ForgotPasswordView(): JSX.Element {
  const [sent, setSent] = createSignal<string>();
  const form = createForm((data) => forgotPassword(textOf(data, "email")), {
    onSuccess: (_, data) => setSent(textOf(data, "email")),
  });
  return (
    <AuthPage
      title="Reset password"
      lead="Enter your e-mail address and we send you a link to reset your password."
      foot={BACK}
    >
      <Show
        when={!sent()}
        fallback={
          <Notice kind="good" title="Check your inbox">
            If {sent()} has an account, we sent it a link. Your current password works until you change it.
          </Notice>
        }
      >
        <form class="form" method="post" onSubmit={form.submit}>
          <ProblemNotice problem={form.problem()} />
          <TextField label="E-mail" name="email" type="email" autocomplete="username" required />
          <Button kind="main" type="submit" busy={form.pending() ? "Sending" : undefined}>
            Send link
          </Button>
        </form>
      </Show>
    </AuthPage>
  );
}

/** Sets a new password with the token of the link. */
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
      lead="You will be signed out everywhere and sign in with the new password."
      foot={BACK}
    >
      <form class="form" method="post" onSubmit={form.submit}>
        <ProblemNotice
          problem={form.problem()}
          action={
            <ButtonLink size="s" href="/forgot-password">
              Send a new link
            </ButtonLink>
          }
        />
        <PasswordField
          label="New password"
          name="password"
          autocomplete="new-password"
          minlength={8}
          required
          hint="At least 8 characters."
          error={form.fieldError("password")}
        />
        <Button kind="main" type="submit" busy={form.pending() ? "Saving" : undefined}>
          Change password
        </Button>
      </form>
    </AuthPage>
  );
}

/** Confirms an address when a button is pressed, because mail scanners open links too. */
export function VerifyEmailView(): JSX.Element {
  const [params] = useSearchParams<{ token?: string }>();
  const [confirmed, setConfirmed] = createSignal(false);
  const signInQuery = () => new URLSearchParams({ next: `/verify-email?token=${params.token ?? ""}` });
  const form = createForm(() => verifyEmail(String(params.token ?? "")), {
    onSuccess: () => setConfirmed(true),
  });
  return (
    <AuthPage
      title="Confirm your e-mail"
      lead="With a confirmed address you can create tokens, invite people and join organizations."
      foot={BACK}
    >
      <Show
        when={!confirmed()}
        fallback={
          <Notice
            kind="good"
            title="E-mail confirmed"
            action={
              <ButtonLink size="s" href="/projects">
                Go to projects
              </ButtonLink>
            }
          >
            Other sessions of this account have ended.
          </Notice>
        }
      >
        <form class="form" method="post" onSubmit={form.submit}>
          <ProblemNotice
            problem={form.problem()}
            action={
              <Show when={form.problem()?.code === "confirmation_sign_in_required"}>
                <ButtonLink size="s" href={`/login?${signInQuery()}`}>
                  Sign in
                </ButtonLink>
              </Show>
            }
          />
          <Button kind="main" type="submit" busy={form.pending() ? "Confirming" : undefined}>
            Confirm e-mail
          </Button>
        </form>
      </Show>
    </AuthPage>
  );
}
