/** Two tenants and the real socket of the built product: callers without access are closed with 1008. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";
import { type OtherSite, openTab, signIn, startOtherSite, type Tab } from "../support/tab.ts";

const NOT_ALLOWED = 1008;
let product: Product;
let otherSite: OtherSite;
let browser: Browser;
let tab: Tab;
let mine: Project;
let theirs: Project;
let theirToken: string;

beforeAll(async () => {
  [product, otherSite, browser] = await Promise.all([startProduct(), startOtherSite(), launchBrowser()]);
  mine = await product.makeProject("Mine");
  const account = { email: "eve@example.com", password: "another horse, another staple" };
  theirToken = (await post<{ access_token: string }>("/auth/register", product.token, account)).access_token;
  theirs = await post("/projects", theirToken, { name: "Theirs" });
  tab = await openTab(browser);
  await signIn(tab.page, { url: product.server.url, email: product.email, password: product.password });
});
afterAll(async () => {
  await browser?.close();
  await otherSite?.close();
  await product?.close();
});

async function post<T>(route: string, token: string, body: unknown = {}): Promise<T> {
  const response = await fetch(`${product.server.url}/api/v1${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  expect(response.ok, route).toBe(true);
  return (await response.json()) as T;
}

async function ticketOf(project: Project, token: string): Promise<string> {
  return (await post<{ ticket: string }>(`/projects/${project.id}/live-ticket`, token)).ticket;
}

const socketOf = (project: Project, ticket?: string) =>
  `${product.server.url.replace("http", "ws")}/api/v1/ws/events/${project.id}${ticket ? `?ticket=${ticket}` : ""}`;

/** The first message of a socket: the type of a frame, or its close code. */
async function firstWord(url: string): Promise<string | number> {
  const socket = new WebSocket(url);
  const word = await new Promise<string | number>((resolve) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)).type);
    socket.onclose = ({ code }) => resolve(code);
  });
  socket.close();
  return word;
}

/** The same from the page of the signed-in browser, with its cookie. */
const firstWordInPage = (url: string) =>
  tab.page.evaluate((address) => {
    const socket = new WebSocket(address);
    return new Promise<string | number>((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)).type);
      socket.onclose = ({ code }) => resolve(code);
    });
  }, url);

describe("the socket of a project", () => {
  it("accepts its members, by cookie from the product's own pages", async () => {
    expect(await firstWordInPage(socketOf(mine))).toBe("hello");
  });

  it("refuses the same cookie on another project", async () => {
    expect(await firstWordInPage(socketOf(theirs))).toBe(NOT_ALLOWED);
  });

  it("refuses the same cookie when a page of another site opens it", async () => {
    await tab.page.goto(otherSite.url);
    expect(await firstWordInPage(socketOf(mine))).toBe(NOT_ALLOWED);
  });

  it("accepts its own ticket once, and no other project's", async () => {
    const ticket = await ticketOf(mine, product.token);
    expect(await firstWord(socketOf(mine, ticket))).toBe("hello");
    expect(await firstWord(socketOf(mine, ticket))).toBe(NOT_ALLOWED);
    expect(await firstWord(socketOf(mine, await ticketOf(theirs, theirToken)))).toBe(NOT_ALLOWED);
    expect(await firstWord(socketOf(mine))).toBe(NOT_ALLOWED);
  });
});
