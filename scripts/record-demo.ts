import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { excerpt, renderTerminal } from "./terminal-svg.ts";

/**
 * `npm run demo:record`: runs the demo of the built app with its output in a pipe, and writes it as the
 * picture of the README. `-- --from FILE` takes the output of an earlier run. Exits with 1, and leaves
 * the picture as it was, when the demo did not end as expected.
 */
const PICTURE = "docs/images/demo.svg";
const TITLE =
  "Output of npm run demo: six requests become images, one an image version, one is refused";
const HEAD_LINES = 12;
const TAIL_LINES = 48;

const { values } = parseArgs({ options: { from: { type: "string" } } });
const output = values.from === undefined ? await runDemo() : readFileSync(values.from, "utf8");
const shown = excerpt(output.trimEnd(), HEAD_LINES, TAIL_LINES);
mkdirSync(dirname(PICTURE), { recursive: true });
writeFileSync(PICTURE, renderTerminal(`$ npm run demo\n${shown}`, TITLE));
console.log(`${PICTURE} written`);

function runDemo(): Promise<string> {
  const demo = spawn(process.execPath, ["local/demo.ts"], { stdio: ["ignore", "pipe", "inherit"] });
  demo.stdout.setEncoding("utf8");
  let text = "";
  demo.stdout.on("data", (chunk: string) => {
    text += chunk;
    process.stderr.write(chunk);
  });
  return new Promise((resolve, reject) => {
    demo.once("error", reject);
    demo.once("close", (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`The demo ended with exit code ${code}; ${PICTURE} is unchanged.`));
    });
  });
}
