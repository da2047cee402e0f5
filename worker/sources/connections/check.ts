/**
 * The accounts that a connection can read.
 * @module
 */
import type { VendorAccount } from "../../../schema/wire/source";
import { type ClientOverrides, type SourceBindings, vendorClientOf } from "./bindings";
import { changeSource, type StoredSource } from "./store";

/** Time limit, because a person waits for the result. */
const ATTEMPTS = 2;

/**
 * Fetches the accounts from the vendor and stores them. The first time all are selected; later new ones are not.
 * Throws SourceError when there is none, or the vendor cannot be reached.
 */
export async function fetchAccounts(
  bindings: SourceBindings,
  source: StoredSource,
  now: number,
  overrides: ClientOverrides = {},
): Promise<VendorAccount[]> {
  const { driver, context } = await vendorClientOf(bindings, source, { attempts: ATTEMPTS, ...overrides });
  const found = await driver.check(context);
  const isFirst = source.accounts.length === 0;
  const known = new Map(source.accounts.map((account) => [account.id, account.selected]));
  const accounts = found.map((account) => ({ ...account, selected: known.get(account.id) ?? isFirst }));
  await changeSource(bindings.CONTROL, source.id, { accounts }, now);
  return accounts;
}
