/**
 * The e-mails of accounts.
 * @module
 */
import { INVITATION_DAYS, type InvitationView } from "../../../schema/wire/organization";
import { letter } from "../../lib/email-template";

/** A finished message, for whichever driver sends it. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Asks the owner of `to` to confirm the address. `link` is absolute. */
export function verificationMail(to: string, link: string): Mail {
  return letter(to, {
    subject: "Confirm your e-mail address",
    why: "This address was used to make a Selvedge account. Confirm it so that reports and alerts can reach you.",
    button: "Confirm address",
    link,
    after: "The link works for 24 hours. If you did not make an account, ignore this message.",
  });
}

/** Lets the owner of `to` choose a new password. `link` is absolute. */
export function resetMail(to: string, link: string): Mail {
  return letter(to, {
    subject: "Choose a new password",
    why: "Somebody, probably you, asked for a new password for your Selvedge account.",
    button: "Choose password",
    link,
    after:
      "The link works once, for one hour. If it was not you, ignore this message; your password is unchanged.",
  });
}

/** Invites its reader into an organization. `link` is absolute. */
export function invitationMail(
  view: Pick<InvitationView, "email" | "organization" | "role" | "invited_by">,
  link: string,
): Mail {
  const { email, organization, role, invited_by } = view;
  return letter(email, {
    subject: `${invited_by} invites you to ${organization.name} on Selvedge`,
    why: `${invited_by} would like to share the numbers of ${organization.name} with you, as ${role}.`,
    button: "See the invitation",
    link,
    after:
      `The link works once, for ${INVITATION_DAYS} days, and only with an account for ${email}. ` +
      "If you do not know who sent it, ignore this message: nothing happens unless you accept.",
  });
}
