/**
 * Accepts invitations by e-mail.
 * @module
 */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Product } from "./product.ts";
import { awake } from "./tab.ts";

const PASSWORD = "another horse, another staple";

/** URL of the latest invitation to an address; waits for one. */
export async function invitationFor(product: Product, address: string): Promise<string> {
  const text = await product.mailTo(address, /invites you/);
  const link = /http\S+\/invitations\/\S+/.exec(text)?.[0];
  if (!link) throw new Error(`The invitation to ${address} has no link:\n${text}`);
  return link;
}

/** Accepts the invitation on the page by creating an account. */
export async function acceptWithNewAccount(page: Page, address: string): Promise<void> {
  const link = page.url();
  await page.getByRole("link", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Create account" }).waitFor();
  await awake(page);
  expect(await page.getByLabel("E-mail").inputValue()).toBe(address);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(link);
  await page.getByRole("button", { name: "Accept" }).click();
}
