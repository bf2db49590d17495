import { afterEach, describe, expect, it } from "vitest";
import { killRunning, runLocal as run } from "../e2e/run-process.ts";

afterEach(killRunning);

describe("npm run demo", () => {
  it("ends with six images, an image version and one refusal, each with what a user needs", async () => {
    const { code, stdout, stderr } = await run("demo", ["--json"]).ended;
    expect(code, stderr).toBe(0);
    const text = stdout.trim();
    for (const name of ["ubuntu", "server", "web", "restored", "cloned", "captured"]) {
      expect(text).toMatch(new RegExp(`/images/${name}"`));
    }
    const { requests } = JSON.parse(text) as { requests: readonly { source: string }[] };
    const find = (name: string) => requests.find(({ source }) => source === name);
    expect(find("server.vhdx")).toMatchObject({
      state: "succeeded",
      conversions: [{ from: "vhdx", percent: 100 }],
    });
    expect(find("golden.json")).toMatchObject({
      state: "succeeded",
      image: null,
      outputs: [
        {
          id: expect.stringMatching(/\/galleries\/shared\/images\/golden\/versions\/1\.0\.0$/),
          replication: {
            regions: [
              { region: "West US", state: "Completed", progress: 100 },
              { region: "North Europe", state: "Completed", progress: 100 },
            ],
          },
        },
      ],
    });
    expect(text).toContain('"InvalidVhd"');
    expect(text).toContain("qemu-img convert");
    expect(stdout).not.toContain("\u001b[");
  });
});
