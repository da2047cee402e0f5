/**
 * Accounts: users, their authentication, organizations and roles.
 * @module
 */
export { excludeToken, listMemberTokens, listSignIns, namesOf } from "./access";
export { readAccessToken, secretFor, signAccessToken } from "./access-token";
export { createToken, deleteToken, identityOfToken, isApiToken, listTokens } from "./api-token";
export { expireUnconfirmed, resendVerification, verifyEmail } from "./confirmation";
export { type Ended, signOutEverywhere } from "./credentials";
export { type AccountDeps, SESSION_MS } from "./deps";
export {
  acceptInvitation,
  invite,
  listInvitations,
  markLinkReturned,
  viewInvitation,
  withdrawInvitation,
} from "./invitation";
export { invitationMail } from "./mail";
export { changeRole, hasRole, listMembers, type MemberRefusal, removeMember } from "./member";
export {
  createOrganization,
  deleteOrganization,
  listOrganizations,
  personalOrganization,
  readOrganization,
  renameOrganization,
} from "./organization";
export { hashPassword, verifyPassword } from "./password";
export { changePassword, forgotPassword, resetPassword } from "./recovery";
export { atLeast, type Roles } from "./role";
export { login, type Refusal, register } from "./sign-in";
export { readSignUp, signUpRule } from "./sign-up";
export {
  admits,
  endSession,
  extendSession,
  type Identity,
  identityOfSession,
  listSessions,
  readMe,
  type Session,
} from "./store";
