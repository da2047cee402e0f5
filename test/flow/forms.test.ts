/** Every form of accounts, organizations and projects, once, in a real browser: each ends in a result, none stays busy. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { type Product, startProduct } from "../support/product.ts";
import { openTab, signIn, type Tab } from "../support/tab.ts";

const EMAIL = "grace@example.com";
const OTHER = "linus@example.com";
const PASSWORD = "another horse, another staple";
const NEW_PASSWORD = "yet another horse, another staple";
let product: Product;
let browser: Browser;
let tab: Tab;
let page: Page;
let project: string;
/** Path of the organization's page. */
let organization: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  tab = await openTab(browser);
  page = tab.page;
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

async function open(path: string): Promise<void> {
  await page.goto(`${product.server.url}${path}`, { waitUntil: "load" });
  await hydrated(page);
}

/** Waits until Solid has hydrated the page: some forms have no button with a click handler for `awake`. */
async function hydrated(of: Page): Promise<void> {
  await of.waitForFunction(() => (window as { _$HY?: { done?: boolean } })._$HY?.done !== false);
  await of.waitForTimeout(300);
}

const section = (name: string): Locator => page.getByRole("region", { name, exact: true });
const dialog = (): Locator => page.getByRole("dialog");

/** Presses the button and waits for the result; afterwards no button is busy. */
async function submit(within: Page | Locator, button: string, result: Locator): Promise<void> {
  await within.getByRole("button", { name: button, exact: true }).click();
  await result.waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

const saved = (within: Locator) => within.getByText("Saved", { exact: true });

/** The link of an e-mail, as a path. */
async function linkIn(subject: RegExp, to = EMAIL): Promise<string> {
  const text = await product.mailTo(to, subject);
  const link = /http\S+\/((?:verify-email|reset-password|invitations)\S+)/.exec(text)?.[1];
  if (!link) throw new Error(`No link in:\n${text}`);
  return `/${link}`;
}

it("register, resend the confirmation, confirm", async () => {
  await open("/register");
  await page.getByLabel("Name").fill("Grace");
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await submit(page, "Create account", page.getByRole("heading", { name: "Your first project" }));
  await open("/account");
  await submit(page, "Resend link", page.getByText("E-mail sent. Check your inbox"));
  await open(await linkIn(/[Cc]onfirm/));
  await submit(page, "Confirm e-mail", page.getByText("E-mail confirmed"));
});

it("text has the sizes of the scale: 14 px, small 12 px, titles 18 and 28 px", async () => {
  await open("/projects");
  const sizes = await page.evaluate(() =>
    ["html", "body", ".small", "h1"].map((selector) => {
      const element = document.querySelector(selector);
      return element && getComputedStyle(element).fontSize;
    }),
  );
  expect(sizes.slice(0, 2)).toEqual(["16px", "14px"]);
  expect(["12px", null]).toContain(sizes[2]);
  expect(sizes[3]).toBe("18px");
});

it("reset the password and sign in, after a wrong one", async () => {
  await open("/account");
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await page.waitForURL(/\/login/);
  await open("/forgot-password");
  await page.getByLabel("E-mail").fill(EMAIL);
  await submit(page, "Send link", page.getByText("Check your inbox"));
  await open(await linkIn(/password/i));
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await submit(page, "Change password", page.getByRole("heading", { name: "Sign in" }));
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await submit(page, "Sign in", page.getByRole("alert"));
  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await submit(page, "Sign in", page.getByRole("heading", { name: "Your first project" }));
});

it("create a project", async () => {
  await page.getByLabel("Name").fill("Forms");
  await page.getByLabel("Time zone").fill("Nowhere/Land");
  await submit(page, "Create project", page.locator(".wrong").first());
  await page.getByLabel("Time zone").fill("UTC");
  await submit(page, "Create project", page.getByRole("heading", { name: "Waiting for the first event" }));
  project = page.url().slice(product.server.url.length);
});

it("change every section of the settings", async () => {
  await open(`${project}/settings`);
  await section("General").getByLabel("Name").fill("All forms");
  await submit(section("General"), "Save", saved(section("General")));
  expect(await page.title()).toContain("All forms");
  await section("Money").getByLabel("Reporting currency").selectOption("EUR");
  await submit(section("Money"), "Save", saved(section("Money")));
  await section("Privacy").getByLabel("Blocked properties").fill("secret");
  await submit(section("Privacy"), "Save", saved(section("Privacy")));
  await section("Tracking").getByRole("button", { name: "Rotate key" }).click();
  await submit(dialog(), "Rotate", page.getByText("works until"));
});

it("restore filtered traffic", async () => {
  const key = (await section("Tracking").locator(".keyline code").textContent()) ?? "";
  const sent = await fetch(`${product.server.url}/api/v1/events/ingest`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": key,
      "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)",
    },
    body: JSON.stringify({ events: [{ event: "page_view", properties: { url: "https://example.com/" } }] }),
  });
  expect(sent.ok, await sent.text()).toBe(true);
  const filtered = section("Filtered traffic");
  await expect
    .poll(
      async () => {
        await open(`${project}/settings`);
        return await filtered.getByRole("button", { name: "Restore" }).count();
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(1);
  await filtered.getByRole("button", { name: "Restore" }).click();
  await submit(dialog(), "Restore", filtered.getByText("1 event restored"));
});

it("create and revoke a token, end a sign-in session", async () => {
  await open("/account");
  const tokens = section("API tokens");
  await tokens.getByLabel("Token name").fill("Nightly report");
  await submit(tokens, "Create token", tokens.getByText("Copy this token now."));
  await tokens.getByRole("button", { name: "Revoke" }).click();
  await tokens.getByRole("button", { name: "Revoke" }).waitFor({ state: "detached" });
  const other = await openTab(browser);
  await signIn(other.page, { url: product.server.url, email: EMAIL, password: NEW_PASSWORD });
  await open("/account");
  const sessions = section("Sign-in sessions");
  expect(await sessions.getByText("This device").count()).toBe(1);
  await sessions.getByRole("button", { name: "Sign out" }).first().click();
  await sessions.getByRole("button", { name: "Sign out" }).waitFor({ state: "detached" });
  await other.page.goto(`${product.server.url}/account`);
  await other.page.waitForURL(/\/login/);
  await other.close();
});

it("create an organization, rename it, invite and revoke", async () => {
  await open("/account");
  await page.getByRole("button", { name: "New organization" }).click();
  await dialog().getByLabel("Name").fill("Team");
  await submit(dialog(), "Create organization", page.getByRole("heading", { name: "Team" }));
  await section("General").getByLabel("Name").fill("Team of forms");
  await submit(section("General"), "Save", saved(section("General")));
  await page.getByRole("heading", { name: "Team of forms" }).waitFor();
  const invitations = section("Invitations");
  await invitations.getByLabel("E-mail").fill(OTHER);
  await submit(invitations, "Invite", invitations.getByText(`Invitation sent to ${OTHER}`));
  await invitations.getByRole("button", { name: "Resend" }).click();
  await invitations.getByText(`Invitation sent to ${OTHER}`).waitFor();
});

it("accept an invitation, get a role, then leave", async () => {
  organization = page.url().slice(product.server.url.length);
  const other = await openTab(browser);
  let link = "";
  // The first invitation was replaced; its e-mail may be the only one yet.
  await expect
    .poll(
      async () => {
        link = await linkIn(/invites you/, OTHER);
        await other.page.goto(`${product.server.url}${link}`, { waitUntil: "load" });
        return await other.page.getByRole("heading", { name: "Join Team of forms" }).count();
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe(1);
  await other.page.getByRole("link", { name: "Create account" }).click();
  await hydrated(other.page);
  await other.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await other.page.getByRole("button", { name: "Create account" }).click();
  await other.page.waitForURL(`${product.server.url}${link}`);
  await other.page.getByRole("button", { name: "Accept invitation" }).click();
  await other.page.waitForURL(`${product.server.url}/projects`);
  await open(organization);
  await section("Members").getByLabel("Role of linus").selectOption("editor");
  await other.page.goto(`${product.server.url}${organization}`, { waitUntil: "load" });
  await hydrated(other.page);
  await other.page.getByRole("button", { name: "Leave" }).click();
  await other.page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await other.page.getByRole("heading", { name: "Your first project" }).waitFor();
  expect(other.errors.filter((error) => !/401|404/.test(error))).toEqual([]);
  await other.close();
  await open(organization);
  await section("Members").getByRole("row", { name: /linus/ }).waitFor({ state: "detached" });
});

/** Controls that another element covers or that stick out of the screen. Runs in the page. */
function unreachableControls(): string[] {
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const found: string[] = [];
  for (const control of document.querySelectorAll("a:not([href^='#']), button, input, select, textarea")) {
    if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    control.scrollIntoView({ block: "center" });
    const { left, right, top, bottom, width } = control.getBoundingClientRect();
    if (width <= 1 || scrolls(control.parentElement)) continue;
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const isReached = at !== null && (control.contains(at) || at.contains(control) || at.closest("label"));
    if (left < 0 || right > innerWidth || !isReached)
      found.push(`${control.tagName} ${control.getAttribute("aria-label") ?? control.textContent}`);
  }
  return found;
}

it("names of 120 characters cover no control at 360 px", async () => {
  const name = "Long-name-".repeat(12);
  await open(`${project}/settings`);
  await section("General").getByLabel("Name").fill(name);
  await submit(section("General"), "Save", saved(section("General")));
  const path = `/api/v1${project}/dashboards`;
  const dashboard = await page.evaluate(
    async ([path, name]) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ name, widgets: [] });
      const response = await fetch(path, { method: "POST", headers, body });
      return ((await response.json()) as { id: string }).id;
    },
    [path, name] as const,
  );
  await page.setViewportSize({ width: 360, height: 900 });
  const pages = [
    "",
    "/settings",
    "/dashboards",
    `/dashboards/${dashboard}`,
    "/metrics",
    "/sources",
    "/activity",
  ];
  const faults: Record<string, unknown> = {};
  for (const of of ["/projects", "/account", ...pages.map((end) => project + end)]) {
    await open(of);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    const controls = await page.evaluate(unreachableControls);
    if (width > 360 || controls.length) faults[of] = { width, controls };
  }
  expect(faults).toEqual({});
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(`${project}/settings`);
  await section("General").getByLabel("Name").fill("All forms");
  await submit(section("General"), "Save", saved(section("General")));
});

it("delete the organization and the project", async () => {
  await open(organization);
  await page.getByRole("button", { name: "Delete Team of forms" }).click();
  await dialog().getByLabel("Name of the organization").fill("Team of forms");
  await submit(dialog(), "Delete organization", page.getByRole("heading", { name: "Projects" }));
  await open(`${project}/settings`);
  await page.getByRole("button", { name: "Delete All forms" }).click();
  await dialog().getByLabel("Name of the project").fill("All forms");
  await submit(dialog(), "Delete project", page.getByRole("heading", { name: "Your first project" }));
});

it("the console reports nothing but the refused attempts", () => {
  expect(tab.errors.filter((error) => !/401|422|400/.test(error))).toEqual([]);
});
