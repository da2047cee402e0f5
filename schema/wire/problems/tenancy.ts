/**
 * Problems of accounts, organizations and projects.
 * @module
 */
import type { ProblemTable } from "./table";

export const TENANCY_PROBLEMS = {
  invitation_for_other_address: [403, "The invitation is for another address"],
  signup_closed: [403, "This deployment takes no new accounts"],
  signup_invitation_required: [403, "An account requires an invitation to its address"],
  signup_domain_refused: [403, "Accounts are for addresses of certain domains"],
  email_unconfirmed: [403, "The e-mail address of the account is not confirmed"],
  confirmation_sign_in_required: [403, "Sign in to the account to confirm its address"],
  already_member: [409, "The person is already a member"],
  last_owner: [422, "An organization needs an owner"],
  organization_limit_reached: [422, "The account belongs to the maximum number of organizations"],
  organization_not_empty: [422, "The organization still has projects"],
  token_limit_reached: [422, "The account has the maximum number of tokens"],
  invitation_limit_reached: [422, "The organization has the maximum number of open invitations"],
  email_taken: [409, "An account with this e-mail exists"],
  invalid_credentials: [401, "E-mail or password is wrong"],
} as const satisfies ProblemTable;
