import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ArmSimulatorError } from "../../../../local/arm-simulator/errors.ts";
import { createTestGallery, versionTo } from "./galleries/client.ts";
import { imageFromDisk, startTestSimulator, type TestSimulator } from "./simulator.ts";

let folder: string;
let stateFile: string;
const simulators: TestSimulator[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "arm-state-"));
  stateFile = join(folder, "state.json");
});

afterEach(async () => {
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
  await rm(folder, { recursive: true });
});

async function start(): Promise<TestSimulator> {
  const simulator = await startTestSimulator({ stateFile, pollsInProgress: 1 });
  simulators.push(simulator);
  return simulator;
}

async function restart(): Promise<TestSimulator> {
  await simulators.pop()?.close();
  return start();
}

test("an image is there again after a restart, and only as often as it was made", async () => {
  const first = await start();
  await first.put("web", imageFromDisk());
  await first.get("web");
  await first.get("web");
  const second = await restart();
  const { status, json } = await second.get("web");
  expect([status, json.properties?.provisioningState]).toEqual([200, "Succeeded"]);
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test("an operation under way goes on after a restart, and ends as it was ordered to", async () => {
  const first = await start();
  const error = { code: "InternalOperationError", message: "disk service" };
  await first.control("faults", { operation: "Failed", error });
  const created = await first.put("web", imageFromDisk());
  expect((await first.poll(created)).json.status).toBe("InProgress");
  const second = await restart();
  const url = new URL(String(created.headers["azure-asyncoperation"]));
  const { json } = await second.send("GET", `${url.pathname}${url.search}`);
  expect(json).toMatchObject({ status: "Failed", error });
  expect((await second.get("web")).json.properties?.provisioningState).toBe("Failed");
});

test("created sources and resource groups are there again", async () => {
  const first = await start();
  const order = { type: "snapshot", name: "nightly", resourceGroup: "made-rg", sizeGB: 64 };
  const { json } = await first.control("resources", order);
  const [id = ""] = (json as { ids: string[] }).ids;
  const second = await restart();
  const { status, json: snapshot } = await second.send("GET", `${id}?api-version=2026-03-02`);
  expect([status, snapshot]).toMatchObject([200, { properties: { diskSizeGB: 64 } }]);
});

test("a gallery, its version and the replication under way are there again", async () => {
  const first = await start();
  const client = await createTestGallery(first);
  await first.control("faults", { region: "northeurope", replication: "Slow", looks: 1 });
  await first.control("settings", { deleteRetryAfter: 5 });
  await client.putVersion("1.0.0", versionTo("westus", "northeurope"));
  await client.getVersion("1.0.0");
  const second = await restart();
  const path = `${client.definition}/versions/1.0.0?$expand=ReplicationStatus&api-version=2025-12-03`;
  expect((await second.send("GET", path)).json).toMatchObject({
    properties: {
      provisioningState: "Succeeded",
      replicationStatus: { summary: [{ state: "Completed" }, { progress: 66 }] },
    },
  });
  expect((await second.send("GET", "/_simulator/settings")).json).toMatchObject({
    deleteRetryAfter: 5,
  });
});

test("a reset is kept too", async () => {
  const first = await start();
  await first.put("web", imageFromDisk());
  await first.control("reset");
  const second = await restart();
  expect((await second.get("web")).status).toBe(404);
});

test.each([
  ["cut off", '{"version":1,"images":['],
  ["of another kind", '{"version":2}'],
  ["without times", '{"version":1,"resourceGroups":[],"sources":[],"images":[],"operations":[{}]}'],
])("a state file that is %s is refused by name and left alone", async (_, text) => {
  await writeFile(stateFile, text);
  const failure = startTestSimulator({ stateFile });
  await expect(failure).rejects.toThrow(ArmSimulatorError);
  await expect(failure).rejects.toThrow(stateFile);
  expect(await readFile(stateFile, "utf8")).toBe(text);
});
