/**
 * Roles: who may do at least what. A role may do whatever those below it may.
 * @module
 */
import { ROLES, type Role } from "../../../schema/wire/organization";

/** The user's role in each organization they are a member of, by its id. */
export type Roles = Record<string, Role>;

/** Whether `role` is `least` or more. */
export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
