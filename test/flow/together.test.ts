/** Two people and one organization, in real browsers: invitation by e-mail, one use, roles. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { acceptWithNewAccount, invitationFor } from "../support/invitation.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";
import { awake, openTab, signIn, type Tab } from "../support/tab.ts";

const BOB = "bob@example.com";
let product: Product;
let browser: Browser;
let tabs: Tab[];
/** Pages of the owner and of the invited person. */
let ada: Page;
let bob: Page;
let organization: string;
let project: Project;
let link: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  tabs = await Promise.all([openTab(browser), openTab(browser)]);
  [ada, bob] = tabs.map(({ page }) => page) as [Page, Page];
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const visit = async (page: Page, path: string) => {
  await page.goto(`${product.server.url}${path}`, { waitUntil: "load" });
  await awake(page);
};

it("an owner makes an organization and invites a person by e-mail", async () => {
  const { url } = product.server;
  await signIn(ada, { url, email: product.email, password: product.password }, "/account");
  await ada.getByRole("button", { name: "New organization" }).click();
  await ada.getByRole("dialog").getByLabel("Name").fill("Weaving Mill");
  await ada.getByRole("button", { name: "Create organization" }).click();
  await ada.getByRole("heading", { name: "Weaving Mill" }).waitFor();
  organization = new URL(ada.url()).pathname;
  const body = { name: "Loom", timezone: "UTC", organization_id: organization.split("/").at(-1) };
  project = await product.api("POST", "/api/v1/projects", body);
  const inviting = section(ada, "Invitations");
  await inviting.getByLabel("E-mail").fill(BOB);
  await inviting.getByLabel("Role").selectOption("viewer");
  await inviting.getByRole("button", { name: "Invite" }).click();
  await inviting.getByText(`Invitation sent to ${BOB}`).waitFor();
  link = await invitationFor(product, BOB);
});

it("a person without an account creates one, returns and accepts", async () => {
  await bob.goto(link);
  await bob.getByRole("heading", { name: "Join Weaving Mill" }).waitFor();
  await acceptWithNewAccount(bob, BOB);
  await bob.getByRole("link", { name: "Loom" }).waitFor();
});

it("a used link is refused, and so is one for another address", async () => {
  await bob.goto(link);
  await bob.getByRole("heading", { name: "Invitation expired or already used" }).waitFor();
  const id = organization.split("/").at(-1);
  const body = { email: "cy@example.com", role: "admin" };
  await product.api("POST", `/api/v1/organizations/${id}/invitations`, body);
  await bob.goto(await invitationFor(product, "cy@example.com"));
  await bob.getByText("You are signed in with another account").waitFor();
  expect(await bob.getByRole("button", { name: "Accept" }).count()).toBe(0);
});

it("a viewer can read settings but not change them", async () => {
  await visit(bob, `/projects/${project.id}/settings`);
  await bob.getByText("You can view these settings, but not change them").waitFor();
  expect(await section(bob, "General").getByLabel("Name").isDisabled()).toBe(true);
  expect(await bob.getByRole("button", { name: "Delete Loom" }).isDisabled()).toBe(true);
});

it("a new role applies from the next page on; a removed member has no access", async () => {
  await visit(ada, organization);
  const changed = ada.waitForResponse((response) => response.request().method() === "PATCH");
  await ada.getByLabel("Role of bob").selectOption("admin");
  expect((await changed).status()).toBe(204);
  await visit(bob, `/projects/${project.id}/settings`);
  expect(await section(bob, "General").getByLabel("Name").isEnabled()).toBe(true);
  await section(ada, "Members").getByRole("button", { name: "Remove" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await ada.getByLabel("Role of bob").waitFor({ state: "detached" });
  await bob.goto(`${product.server.url}/projects/${project.id}/settings`);
  await bob.getByRole("heading", { name: "Page not found" }).waitFor();
});

it("the only owner cannot leave, and the consoles have no errors", async () => {
  expect(await ada.getByRole("button", { name: "Leave" }).isDisabled()).toBe(true);
  const errors = tabs.flatMap(({ errors }) => errors).filter((error) => !error.includes("404"));
  expect(errors).toEqual([]);
});
