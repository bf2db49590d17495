import { spawnSync } from "node:child_process";
import { readAudit } from "./read-audit.ts";

/**
 * Asks the registry for known vulnerabilities of what is deployed. Exits with 1 when there are any; a
 * registry that does not answer that question does not fail the audit, but is reported.
 */
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
const { verdict, message } = readAudit(stdout ?? "");
console.log(message);
process.exitCode = verdict === "vulnerable" ? 1 : 0;
