/**
 * Replaces wrangler: answers each command from a recording and logs the commands.
 * `REPLAY` is a JSON file `{answers: [[pattern, {code, stdout, stderr}], …], asked: file}`; the first match answers.
 */
import { appendFileSync, readFileSync } from "node:fs";

const { answers, asked } = JSON.parse(readFileSync(process.env.REPLAY, "utf8"));
const line = process.argv.slice(2).join(" ");
appendFileSync(asked, `${line}\n`);
const found = answers.find(([pattern]) => new RegExp(pattern).test(line));
if (!found) {
  console.error(`the recording has no answer to: wrangler ${line}`);
  process.exit(70);
}
const [, { code = 0, stdout = "", stderr = "" }] = found;
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
