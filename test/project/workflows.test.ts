import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { listFiles, readProjectFile } from "./source-files.ts";

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const PATHS = listFiles(".github/workflows", ".yml");

function readWorkflow(path: string): Workflow {
  return parse(readProjectFile(path)) as Workflow;
}

/** Rights to write, by workflow and job; there are no others. */
const GRANTS: Readonly<Record<string, readonly string[]>> = {
  "codeql analyze": ["security-events"],
  "deploy deploy": ["id-token"],
  "release publish": ["contents", "id-token", "attestations"],
};

it("there are workflows for tests, analysis, deployment, releases and what is run once a week", () => {
  const names = ["codeql", "deploy", "release", "test", "weekly"];
  expect(PATHS).toEqual(names.map((name) => `.github/workflows/${name}.yml`));
});

describe.each(PATHS)("%s", (path) => {
  const { permissions, jobs } = readWorkflow(path);

  it("pins every action to a commit, and says which version that is", () => {
    const uses = readProjectFile(path).match(/^.*\buses:.*$/gm) ?? [];
    const pin = /uses: [\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses).not.toEqual([]);
    expect(uses.filter((line) => !pin.test(line))).toEqual([]);
  });

  it("may read the code and nothing else, unless a job says so", () => {
    expect(permissions).toEqual({ contents: "read" });
    const name = path.replace(/^.*\/|\.yml$/g, "");
    for (const [job, { permissions: own = {} }] of Object.entries(jobs)) {
      const written = Object.entries(own).flatMap(([right, level]) =>
        level === "read" ? [] : [right],
      );
      expect({ job, written }).toEqual({ job, written: GRANTS[`${name} ${job}`] ?? [] });
    }
  });

  it("keeps no secret, and ends by itself", () => {
    expect(readProjectFile(path)).not.toContain("secrets.");
    const endless = Object.entries(jobs).filter(([, job]) => !job["timeout-minutes"]);
    expect(endless).toEqual([]);
  });

  it("puts no value from outside into a command", () => {
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ""));
    expect(commands.filter((command) => command.includes("${{"))).toEqual([]);
  });
});

describe("the test workflow", () => {
  it("runs what every change must pass", () => {
    const { jobs } = readWorkflow(".github/workflows/test.yml");
    expect(jobs.test?.steps.map(({ run }) => run)).toContain("bash .ci/run");
  });

  it("installs the Bicep compiler, checks the templates with it, and has the tests read what it makes", () => {
    const { jobs } = readWorkflow(".github/workflows/test.yml");
    const commands = jobs.bicep?.steps.flatMap(({ run }) => run ?? []);
    expect(commands).toEqual([
      "npm ci",
      "az bicep install",
      "npm run --silent bicep",
      expect.stringContaining("test/project/infra"),
    ]);
  });

  it("checks the templates in what every change must pass, too", () => {
    expect(readProjectFile(".ci/run")).toMatch(/^begin bicep npm run --silent bicep$/m);
  });
});

describe("the weekly workflow", () => {
  it("runs in full the files of which each change runs a part", () => {
    const { jobs } = readWorkflow(".github/workflows/weekly.yml");
    const files = listFiles("test/full", ".test.ts").filter((file) =>
      readProjectFile(file).includes("isWeekly"),
    );
    expect(jobs.weekly?.steps.at(-1)?.run).toBe(`WEEKLY=1 npm run test:full -- ${files.join(" ")}`);
  });
});

describe("the deployment workflow", () => {
  const { jobs } = readWorkflow(".github/workflows/deploy.yml");

  it("gets a token for Azure only where it deploys, behind an environment", () => {
    expect(jobs.deploy).toMatchObject({ permissions: { "id-token": "write" } });
    expect(jobs.deploy?.environment).toBeDefined();
    expect(jobs.build?.permissions).toBeUndefined();
  });

  it("builds once, and deploys that without the code at hand", () => {
    const uses = (job: Job | undefined) => job?.steps.map((step) => step.uses?.split("@")[0]) ?? [];
    expect(uses(jobs.build)).toContain("actions/upload-artifact");
    expect(uses(jobs.deploy)).toContain("actions/download-artifact");
    expect(uses(jobs.deploy)).not.toContain("actions/checkout");
  });

  it("deploys what npm run package makes, and checks that it arrived", () => {
    const workflow = readProjectFile(".github/workflows/deploy.yml");
    const script = readProjectFile("scripts/package.ts");
    const constant = (name: string) =>
      new RegExp(`const ${name} = "(.+)"`).exec(script)?.[1] ?? name;
    expect(workflow).toContain("run: npm run package\n");
    expect(workflow).toContain(`path: ${constant("FOLDER")}/\n`);
    expect(workflow).toContain(`run: sha256sum --check ${constant("CHECKSUMS")}\n`);
    expect(workflow).toContain(`--src ${constant("ARCHIVE")} `);
    expect(workflow.indexOf("sha256sum")).toBeLessThan(workflow.indexOf("azure/login"));
  });

  it("names the variables that the document tells people to set", () => {
    const named = readProjectFile(".github/workflows/deploy.yml").matchAll(/vars\.(\w+)/g);
    const [, section = ""] = readProjectFile("docs/deployment.md").split("## From GitHub");
    const unexplained = [...named].filter(([, name]) => !section.includes(`\`${name}\``));
    expect(unexplained).toEqual([]);
  });
});

describe("Dependabot", () => {
  it("looks after actions and packages", () => {
    const { updates } = parse(readProjectFile(".github/dependabot.yml")) as {
      updates: readonly Record<string, string>[];
    };
    const ecosystems = updates.map((update) => update["package-ecosystem"]);
    expect(ecosystems).toEqual(["github-actions", "npm"]);
  });
});

describe("the release workflow", () => {
  const { jobs } = readWorkflow(".github/workflows/release.yml");
  const steps = (job: Job | undefined) =>
    job?.steps.flatMap(({ run, uses }) => run ?? uses?.split("@")[0] ?? []) ?? [];

  it("passes every check, and compares the tag with both packages, before it packs", () => {
    const [first, ...rest] = steps(jobs.build).filter((step) => !step.startsWith("actions/"));
    expect(first).toBe("bash .ci/run");
    expect(rest[0]).toContain("for file in package.json cli/package.json");
    expect(rest[1]).toBe("npm run package");
    const versions = ["package.json", "cli/package.json"].map(
      (file) => (JSON.parse(readProjectFile(file)) as { version: string }).version,
    );
    expect(new Set(versions).size).toBe(1);
  });

  it("publishes only what was built and checked, with a statement of its origin", () => {
    expect(steps(jobs.publish)).toEqual([
      "actions/download-artifact",
      "sha256sum --check SHA256SUMS",
      "actions/attest-build-provenance",
      expect.stringContaining("vhd-to-image.zip vhd-to-image.cdx.json SHA256SUMS ./*.tgz"),
    ]);
    expect(jobs.publish?.environment).toBe("release");
  });
});
