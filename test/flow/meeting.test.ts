/**
 * Two people work on one metric, in real browsers: created from a template, added to a dashboard, discussed in two
 * windows at once, and shown to a third person by its public link.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { graveViolations } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { acceptWithNewAccount, invitationFor } from "../support/invitation.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";
import { awake, openTab, signIn, type Tab } from "../support/tab.ts";

const patience = { timeout: 20_000, interval: 100 };
const BOB = "bob@example.com";
let product: Product;
let browser: Browser;
let tabs: Tab[];
/** Pages of the owner, of a colleague, and of a visitor without an account. */
let ada: Page;
let bob: Page;
let visitor: Page;
let project: Project;
let dashboard: string;
let address: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  project = await product.makeProject("Shop");
  const events = Array.from({ length: 40 }, (_, index) => ({
    event: index % 4 === 0 ? "signup" : "page_view",
    distinct_id: `member-${index % 20}`,
    timestamp: Date.now() - index * 3_600_000,
    page_url: `https://shop.example/page-${index % 4}`,
    context: { country: "DE" },
  }));
  await product.api("POST", `/api/v1/projects/${project.id}/import`, { events });
  await product.settled(project.id, 40, "from=7d");
  tabs = await Promise.all([openTab(browser), openTab(browser), openTab(browser)]);
  [ada, bob, visitor] = tabs.map(({ page }) => page) as [Page, Page, Page];
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const own = () => `/projects/${project.id}`;
const visit = async (page: Page, path: string) => {
  await page.goto(`${product.server.url}${path}`, { waitUntil: "load" });
  await awake(page);
};
const expectAccessible = async (page: Page, what: string) =>
  expect(await graveViolations(page), what).toEqual([]);
/** The value that the builder shows. */
const figure = () => ada.getByRole("region", { name: "Preview" }).locator(".figure").textContent();
const panel = (page: Page) => page.getByRole("complementary", { name: "Discussion" });

it("a colleague is invited and accepts", async () => {
  const { organizations } = await product.api<{ organizations: { id: string }[] }>("GET", "/api/v1/auth/me");
  const path = `/api/v1/organizations/${organizations[0]?.id}/invitations`;
  await product.api("POST", path, { email: BOB, role: "editor" });
  await bob.goto(await invitationFor(product, BOB));
  await acceptWithNewAccount(bob, BOB);
  await bob.getByRole("link", { name: "Shop" }).waitFor();
});

it("a formula is corrected at the reported position", async () => {
  const { server, email, password } = product;
  await signIn(ada, { url: server.url, email, password }, `${own()}/metrics`);
  await ada.getByRole("link", { name: "New metric" }).click();
  await ada.getByRole("link", { name: "Formula" }).click();
  const formula = ada.getByLabel("Formula", { exact: true });
  await formula.pressSequentially("events.pagev");
  await ada.getByRole("listbox", { name: "Metrics" }).getByRole("option").first().waitFor();
  await ada.keyboard.press("Enter");
  await formula.pressSequentially(" / sessions.visitrs");
  await ada.getByText("There is no metric `sessions.visitrs`").waitFor();
  expect(await ada.locator("pre mark").textContent()).toBe("sessions.visitrs");
  await expectAccessible(ada, "a wrong formula");
  await ada.getByRole("button", { name: "Use sessions.visitors" }).click();
  expect(await formula.inputValue()).toBe("events.pageviews / sessions.visitors");
  await expect.poll(figure, patience).toBe("150%");
  await formula.fill("sessions.session_duration_ms + events.events");
  await ada.getByText("A duration and a count cannot be added").waitFor();
});

it("“Sign-up rate” is created from its template under a unique name", async () => {
  await visit(ada, `${own()}/metrics/new`);
  await expectAccessible(ada, "what to start from");
  await ada.getByRole("link", { name: "Sign-up rate" }).click();
  await expect.poll(figure, patience).toBe("50%");
  await expectAccessible(ada, "the builder");
  await ada.getByRole("button", { name: "Create metric" }).click();
  await ada.getByRole("heading", { name: "Used in" }).waitFor();
  await ada.getByRole("button", { name: "Verify" }).click();
  await ada.getByText("Verified", { exact: true }).waitFor();
  await visit(ada, `${own()}/metrics`);
  const lines = ada.getByRole("main").getByRole("listitem");
  expect(await lines.getByRole("heading").allTextContents()).toEqual(["Sign-up rateVerified", "Sign-ups"]);
  await lines.first().getByText("signups / events.visitors").waitFor();
  await expectAccessible(ada, "the metrics");
});

it("a metric that others use is not deleted", async () => {
  await ada.getByRole("link", { name: "Sign-ups", exact: true }).click();
  await ada.getByRole("region", { name: "Usage" }).getByRole("link").waitFor();
  await ada.getByRole("button", { name: "Delete" }).click();
  await ada.getByRole("button", { name: "Delete", exact: true }).click();
  await ada.getByText("The metric is in use").waitFor();
});

it("it is added to a dashboard", async () => {
  await visit(ada, `${own()}/dashboards`);
  await ada.getByRole("button", { name: "New dashboard" }).first().click();
  await ada
    .getByRole("dialog")
    .getByRole("button", { name: /^Blank/ })
    .click();
  await ada.waitForURL(/\/dashboards\/[^/?]+\?edit/);
  dashboard = new URL(ada.url()).pathname;
  await ada.getByRole("button", { name: "Add widget" }).first().click();
  const editor = ada.getByRole("complementary", { name: "New widget" });
  await editor.getByRole("button", { name: "Line" }).click();
  await editor.getByLabel("Metric 1").selectOption("metric:signup_rate");
  await editor.getByLabel("Title").fill("How many join");
  await editor.getByRole("button", { name: "Add to dashboard" }).click();
  await ada.getByRole("article", { name: /^How many join/ }).waitFor();
  await ada.getByRole("status").getByText("Saved", { exact: true }).waitFor();
  await visit(ada, dashboard);
  await ada.locator(".plot-field").waitFor();
});

it("two windows show each other's presence, and a comment with a mention appears at once", async () => {
  await visit(bob, dashboard);
  await expect.poll(() => ada.getByText(/^Online: /).textContent(), patience).toContain("Online: bob");
  await expect.poll(() => bob.getByText(/^Online: /).textContent(), patience).toContain("Online: ");
  await bob.keyboard.press("c");
  await panel(bob).getByText("No comments yet").waitFor();

  await ada.getByRole("button", { name: "Comment on How many join" }).click();
  const text = panel(ada).getByLabel("New comment");
  await text.pressSequentially("Does this look right, @bo");
  await panel(ada).getByRole("option", { name: "bob" }).waitFor();
  await ada.keyboard.press("Enter");
  await text.pressSequentially("? Half of them join.");
  await expectAccessible(ada, "the discussion");
  await panel(ada).getByRole("button", { name: "Comment", exact: true }).click();
  await panel(bob).getByText("Half of them join.").waitFor();
  expect(await panel(bob).locator("mark[data-me]").textContent()).toBe("@bob");
  expect(await product.mailTo(BOB, /mentioned you/)).toContain("Half of them join.");
});

it("a reply appears, is edited with its history, and resolves the thread", async () => {
  const thread = panel(bob).getByRole("listitem").filter({ hasText: "Half of them join." });
  await thread.getByRole("button", { name: "Reply" }).click();
  await thread.getByLabel("Reply", { exact: true }).fill("It does.");
  await bob.keyboard.press("Control+Enter");
  await panel(ada).getByText("It does.").waitFor();
  const mine = thread.getByRole("article").last();
  await mine.hover();
  await mine.getByRole("button", { name: "Edit" }).click();
  await thread.getByLabel("Edit comment").fill("It does, since Monday.");
  await thread.getByRole("button", { name: "Save" }).click();
  await panel(ada).getByText("It does, since Monday.").waitFor();
  await panel(ada).getByRole("button", { name: "edited" }).click();
  await panel(ada).getByRole("list", { name: "Edit history" }).getByText("It does.").waitFor();
  await expectAccessible(ada, "threads");
  await thread.getByRole("button", { name: "Resolve" }).click();
  await panel(ada).getByRole("button", { name: "Resolved 1" }).click();
  await panel(ada).getByRole("button", { name: "Reopen" }).waitFor();
});

it("a comment on a day of a chart is shown in the chart", async () => {
  await bob.locator(".plot-field").focus();
  await bob.keyboard.press("End");
  await bob.keyboard.press("Enter");
  await panel(bob).getByLabel("New comment").fill("Still counting?");
  await panel(bob).getByRole("button", { name: "Comment", exact: true }).click();
  await ada.locator('.plot-pole[data-kind="comment"]').waitFor({ state: "attached" });
});

it("a day of a chart is annotated by keyboard and marked on every chart", async () => {
  await ada.locator(".plot-field").focus();
  await ada.keyboard.press("End");
  await ada.keyboard.press("ArrowLeft");
  await ada.keyboard.press("Enter");
  await panel(ada).getByRole("button", { name: "Add note to all charts" }).click();
  const dialog = ada.getByRole("dialog");
  await dialog.getByLabel("Note", { exact: true }).fill("Version 2 went out");
  await dialog.getByLabel("Kind").selectOption("release");
  await expectAccessible(ada, "a note");
  await dialog.getByRole("button", { name: "Add note" }).click();
  await dialog.waitFor({ state: "detached" });
  await bob.locator('.plot-pole[data-kind="release"]').waitFor({ state: "attached" });
  await visit(bob, own());
  await bob.getByRole("button", { name: /Version 2 went out/ }).click();
  await bob.getByRole("button", { name: /^Notes on this/ }).click();
  await bob.getByRole("dialog").getByText("Version 2 went out").waitFor();
});

it("a public link opens for a visitor, and in a page that may embed it", async () => {
  const host = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>A page of others</title><iframe src="${address}"></iframe>`);
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  const elsewhere = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;

  await ada.getByRole("button", { name: "Close discussion" }).click();
  await ada.getByRole("button", { name: "Public links" }).click();
  const dialog = ada.getByRole("dialog", { name: "Share by public link" });
  await dialog.getByLabel("Name", { exact: true }).fill("For the board");
  await dialog.getByLabel("Password (optional)").fill("selvage");
  await dialog.getByLabel("Allowed embed hosts").fill(elsewhere);
  await expectAccessible(ada, "the dialog for sharing");
  await dialog.getByRole("button", { name: "Create public link" }).click();
  address = (await dialog.getByRole("region", { name: "Address" }).locator("pre").textContent()) ?? "";

  const response = await visitor.goto(address);
  expect(response?.status()).toBe(401);
  expect(response?.headers()).toMatchObject({ "referrer-policy": "no-referrer", "x-robots-tag": "noindex" });
  expect(response?.headers()["content-security-policy"]).toContain(`frame-ancestors ${elsewhere};`);
  await awake(visitor, "#main");
  await expectAccessible(visitor, "a locked dashboard");

  await visitor.goto(elsewhere);
  const frame = visitor.frameLocator("iframe");
  await frame.getByLabel("Password", { exact: true }).fill("selvage");
  await frame.getByRole("button", { name: "Open dashboard" }).click();
  await frame.getByRole("article", { name: "How many join" }).locator(".plot-field").waitFor();
  expect(await frame.getByRole("navigation").count()).toBe(0);

  await dialog.getByRole("button", { name: "Create another" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("For everyone");
  await dialog.getByRole("button", { name: "Create public link" }).click();
  const open = await dialog.getByRole("region", { name: "Address" }).locator("pre").textContent();
  const opened = await visitor.goto(open ?? "");
  expect(opened?.status()).toBe(200);
  expect(opened?.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(await opened?.text()).toContain("How many join");
  await awake(visitor, "#main");
  await expectAccessible(visitor, "a public dashboard");

  await dialog.getByRole("button", { name: "Revoke For everyone" }).click();
  await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  await dialog.getByRole("button", { name: "Revoke For everyone" }).waitFor({ state: "detached" });
  expect((await visitor.goto(open ?? ""))?.status()).toBe(404);
  await new Promise((resolve) => host.close(resolve));
});

it("the activity feed lists all changes", async () => {
  await visit(bob, `${own()}/activity`);
  const text = (await bob.getByRole("main").getByRole("listitem").allTextContents()).join("\n");
  for (const words of ["created the metric", "commented on", "noted", "created the public link"])
    expect(text).toContain(words);
  await expectAccessible(bob, "the activity");
});

it("all pages fit a small screen, and the consoles have no errors", async () => {
  await bob.setViewportSize({ width: 360, height: 740 });
  for (const path of ["/metrics", "/metrics/new", "/metrics/new?from=blank", "/activity"]) {
    await visit(bob, own() + path);
    const width = await bob.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBeLessThanOrEqual(360);
  }
  const text = tabs.flatMap(({ errors }) => errors).filter((error) => !/40[149]|409/.test(error));
  expect(text).toEqual([]);
});
