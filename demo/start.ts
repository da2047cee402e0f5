/**
 * `npm start`: the whole product on this machine, with a demo account and two weeks of traffic on the first start.
 * `PORT` (8787) and `SELVEDGE_STATE` (.wrangler/state) let copies run side by side; `SELVEDGE_DEMO=0` leaves the demo out.
 * @module
 */
import { makeDemo } from "./demo.ts";
import { readDemo, stateFolder } from "./demo-file.ts";
import { buildIfStale } from "./fresh-build.ts";
import { startServer } from "./server.ts";

const port = Number(process.env.PORT ?? 8787);
const state = stateFolder();

console.log("Building …");
buildIfStale();
const server = await startServer({ port, state });
let isClosing = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (isClosing) return;
    isClosing = true;
    void server.close().finally(() => process.exit(0));
  });
}

await server.tick();
const demo =
  process.env.SELVEDGE_DEMO === "0" ? null : (readDemo(state) ?? (await makeDemo(server.url, state)));
console.log(`ready ${server.url}`);
if (demo) {
  console.log(`e-mail   ${demo.email}\npassword ${demo.password}\nkey      ${demo.api_key}`);
  console.log(`demo     ${server.url}/demo/?key=${demo.api_key}&project=${demo.project_id}`);
}
