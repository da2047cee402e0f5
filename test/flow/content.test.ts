/** Metrics and dashboards as files, by the command used in CI pipelines. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../../demo/fresh-build.ts";
import { type Product, startProduct } from "../support/product.ts";

let product: Product;
let folder: string;
let project: string;
let token: string;

beforeAll(async () => {
  product = await startProduct();
  folder = mkdtempSync(path.join(tmpdir(), "selvedge-content-"));
  project = (await product.makeProject("Files")).id;
  const body = { name: "pipeline", scopes: ["content:read", "content:write"] };
  token = (await product.api<{ token: string }>("POST", "/api/v1/tokens", body)).token;
  await product.api("POST", `/api/v1/projects/${project}/dashboards`, { template: "web-overview" });
});
afterAll(async () => {
  await product?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function content(...words: string[]) {
  const target = ["--url", product.server.url, "--project", project, "--token", token];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["demo/cli/content.ts", ...words, ...target],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}

it("pull, edit, diff, push; a fault is reported with its position", async () => {
  expect(content("pull", folder)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("2 files written"),
  });
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".yaml"),
  );
  expect(names.sort()).toEqual(["dashboards/web-overview.yaml", "metrics/pages_per_session.yaml"]);
  expect(content("diff", folder, "--prune").stdout).toBe("No differences.\n");

  const file = path.join(folder, "dashboards/web-overview.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("name: Web overview", "name: Our site"));
  expect(content("diff", folder).stdout).toBe("changed  dashboard web-overview: name\n");
  expect(content("push", folder)).toMatchObject({ status: 0 });
  const { data } = await product.api<{ data: { name: string; version: number }[] }>(
    ...["GET" as const, `/api/v1/projects/${project}/dashboards`],
  );
  expect(data).toMatchObject([{ name: "Our site", version: 2 }]);

  writeFileSync(file, text.replace("- pageviews", "- pageview"));
  const refused = content("push", folder);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(
    /^dashboards\/web-overview\.yaml:\d+:\d+ There is no metric `pageview`; did you mean `pageviews`/,
  );
});
