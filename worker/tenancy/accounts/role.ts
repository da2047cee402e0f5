/**
 * Roles, ordered: each includes the permissions of the lower ones.
 * @module
 */
import { ROLES, type Role } from "../../../schema/wire/organization";

/** The user's role in each of their organizations, by organization id. */
export type Roles = Record<string, Role>;

/** Whether `role` is `least` or higher. */
export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
