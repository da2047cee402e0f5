/**
 * Who belongs to an organisation, for pages that name people.
 * @module
 */
import { query } from "@solidjs/router";
import type { Member } from "../../../schema/wire/organization";
import { call } from "./call";
import { dataOf } from "./http";

/** Members by name; nobody when the answer does not come, as names are never what a page is for. */
export const people = query(async (organization: string): Promise<Member[]> => {
  const found = await call<{ data: Member[] }>(
    "GET",
    `/organizations/${encodeURIComponent(organization)}/members`,
  );
  return dataOf(found)?.data ?? [];
}, "people");
