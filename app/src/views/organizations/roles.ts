/**
 * Labels of roles, and the permissions of the user's own role. The server enforces permissions; here they only decide what is
 * offered.
 * @module
 */
import { createAsync } from "@solidjs/router";
import type { Accessor } from "solid-js";
import type { Organization, Role } from "../../../../schema/wire/organization";
import { me } from "../../client/accounts";
import { dataOf } from "../../client/http";

/** From least to most; the description of each adds to those before it. */
export const ROLES: Record<Role, { name: string; can: string }> = {
  viewer: { name: "Viewer", can: "can view all data and dashboards, and comment" },
  editor: { name: "Editor", can: "can create dashboards, metrics and projects" },
  admin: { name: "Admin", can: "can change settings and keys, and manage members" },
  owner: { name: "Owner", can: "can delete projects and the organization, and add owners" },
};
export const ROLE_NAMES = Object.keys(ROLES) as Role[];
/** Roles that an invitation can give; an owner must be promoted. */
export const INVITED_ROLES = ["viewer", "editor", "admin"] as const;

/** Whether `role` is `least` or higher; false without a role. */
export function atLeast(role: Role | undefined, least: Role): boolean {
  return role !== undefined && ROLE_NAMES.indexOf(role) >= ROLE_NAMES.indexOf(least);
}

/** The user's role in one of their organizations; undefined in any other. */
export function roleIn(
  memberships: readonly Organization[],
  organization: string | undefined,
): Role | undefined {
  return memberships.find(({ id }) => id === organization)?.role;
}

/** The user's organizations with the role in each, oldest first. */
export function createMemberships() {
  const reader = createAsync(() => me(), { deferStream: true });
  return () => dataOf(reader())?.organizations ?? [];
}

/** Organizations in which the user can create projects. */
export function createWritable() {
  const memberships = createMemberships();
  return () => memberships().filter(({ role }) => atLeast(role, "editor"));
}

/** The user's role in an organization; undefined while loading. */
export function createRole(organization: Accessor<string | undefined>): Accessor<Role | undefined> {
  const memberships = createMemberships();
  return () => roleIn(memberships(), organization());
}
