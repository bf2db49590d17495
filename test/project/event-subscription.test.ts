import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "./source-files.ts";

const KEY = "the/key+of==the-host";
const OUTPUTS = {
  AZURE_SUBSCRIPTION_ID: "subscription",
  AZURE_RESOURCE_GROUP: "group",
  AZURE_FUNCTION_APP_NAME: "app",
  EVENT_TOPIC_NAME: "topic",
  HOST_ACCOUNT: "host",
  DEAD_LETTER_CONTAINER: "dead-letters",
  UPLOADS_CONTAINER: "uploads",
};

/** Stands for the Azure CLI: notes its arguments, and the file among them as it is at that time. */
const AZ = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2" in
  "account show") exit "$ACCOUNT_STATUS" ;;
  "functionapp keys") echo '${KEY}' ;;
esac
for argument in "$@"; do
  case "$argument" in @*) cat "\${argument#@}" > "$PARAMETERS"; stat -c %a "\${argument#@}" > "$MODE" ;; esac
done
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vhd-to-image-subscription-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "tmp"));
  writeFileSync(join(folder, "bin/az"), AZ, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(folder, name), "utf8");

function runScript(environment: Readonly<Record<string, string>> = OUTPUTS, accountStatus = 0) {
  return spawnSync("sh", [join(ROOT, "infra/scripts/event-subscription.sh")], {
    encoding: "utf8",
    env: {
      ...environment,
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      TMPDIR: join(folder, "tmp"),
      CALLS: join(folder, "calls"),
      PARAMETERS: join(folder, "parameters.json"),
      MODE: join(folder, "mode"),
      ACCOUNT_STATUS: String(accountStatus),
    },
  });
}

describe.skipIf(process.platform !== "linux")("the script for the Event Grid subscription", () => {
  it("deploys the subscription with the names that it is given", () => {
    const { status, stderr } = runScript();

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(read("calls")).toMatch(
      /deployment group create --subscription subscription --resource-group group .*systemTopicName=topic functionAppName=app hostAccountName=host deadLetterContainer=dead-letters uploadsContainer=uploads/,
    );
  });

  it("hands the key over in a file that only its user can read, and that does not stay", () => {
    runScript();

    expect(JSON.parse(read("parameters.json"))).toMatchObject({
      parameters: { blobsExtensionKey: { value: KEY } },
    });
    expect(read("mode").trim()).toBe("600");
    expect(read("calls")).not.toContain(KEY);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("ends at once when nobody is signed in", () => {
    const { status } = runScript(OUTPUTS, 1);

    expect(status).not.toBe(0);
    expect(read("calls").trim().split("\n")).toHaveLength(1);
  });

  it.each(Object.keys(OUTPUTS))("names %s when it is missing", (name) => {
    const { [name]: _, ...others } = OUTPUTS as Record<string, string>;

    const { status, stderr } = runScript(others);

    expect(status).not.toBe(0);
    expect(stderr).toContain(name);
  });
});
