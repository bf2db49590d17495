import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SNAPSHOT_MANIFEST } from "./manifests.ts";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld({ RETRY_SECONDS: "0.1" });
});
afterAll(() => test.close());

let count = 0;
/** Uploads a manifest of its own name with a fault in wait for its PUT. */
async function uploadWithFault(fault: object): Promise<string> {
  const name = `answer${count++}`;
  await test.fault({ method: "PUT", path: `images/${name}`, ...fault });
  await test.putManifest(`${name}.json`, SNAPSHOT_MANIFEST);
  return name;
}

// The next operation of all takes such a fault, so these two come one after the other.
describe("an operation", () => {
  it("that fails ends the request with its innermost error", async () => {
    const inner = JSON.stringify({
      error: { code: "InvalidVhd", message: "The footer is damaged.", target: "disks" },
    });
    const name = `answer${count++}`;
    const error = {
      code: "DeploymentFailed",
      message: "At least one resource failed.",
      details: [{ code: "BadRequest", message: inner }],
    };
    await test.fault({ operation: "Failed", error, count: 1 });
    await test.putManifest(`${name}.json`, SNAPSHOT_MANIFEST);
    const answer = await test.status(`${name}.json`);
    expect(answer).toMatchObject({
      state: "failed",
      error: { code: "InvalidVhd", message: "The footer is damaged.", target: "disks" },
    });
    expect(answer.error?.details.map(({ code }) => code)).toEqual([
      "DeploymentFailed",
      "BadRequest",
      "InvalidVhd",
    ]);
  });

  it("that is canceled cancels the request", async () => {
    const name = `answer${count++}`;
    await test.fault({ operation: "Canceled", count: 1 });
    await test.putManifest(`${name}.json`, SNAPSHOT_MANIFEST);
    expect((await test.status(`${name}.json`)).state).toBe("canceled");
  });
});

describe.concurrent("an answer that ends the request", () => {
  it.each([
    { status: 400, code: "InvalidParameter" },
    { status: 404, code: /NotFound$/ },
    { status: 409, code: /./ },
  ])("$status", async ({ status, code }) => {
    const error = {
      code: "OperationNotAllowed",
      message: "The source is not generalized.",
      target: "sourceVirtualMachine",
    };
    const name = await uploadWithFault(status === 409 ? { status, error } : { status });
    const answer = await test.status(`${name}.json`);
    expect(answer).toMatchObject({
      state: "failed",
      error: {
        code: expect.stringMatching(code),
        message: expect.stringMatching(/\w/),
        fix: expect.stringMatching(/\w/),
        retryable: false,
      },
    });
    await expect(putBodyOf(test, name)).resolves.toBeTruthy();
  });

  it("403, after a few tries", async () => {
    const name = await uploadWithFault({ status: 403, count: 99 });
    const answer = await test.status(`${name}.json`);
    expect(answer).toMatchObject({
      state: "failed",
      error: { code: "AuthorizationFailed", retryable: true },
    });
    const puts = test.exchanges().filter(({ url }) => url.includes(`/images/${name}?`));
    expect(puts.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 403));
  });

  it("409 for a machine that still runs, and for a source that is not there", async () => {
    const vm = (name: string) => ({
      id: `/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/virtualMachines/${name}`,
    });
    await test.putManifest("running.json", {
      properties: { sourceVirtualMachine: vm("myRunningVM") },
    });
    await test.putManifest("nowhere.json", { properties: { sourceVirtualMachine: vm("nobody") } });
    const running = await test.status("running.json");
    expect(running.error).toMatchObject({
      code: "OperationNotAllowed",
      fix: expect.stringContaining("az vm generalize"),
    });
    expect((await test.status("nowhere.json")).error).toMatchObject({
      code: expect.stringMatching(/NotFound$/),
    });
  });
});

describe.concurrent("an answer that is retried", () => {
  it.each([
    {
      what: "429 with Retry-After",
      fault: { status: 429, retryAfter: 2, count: 2 },
      puts: [429, 429, 201],
    },
    { what: "429 without", fault: { status: 429 }, puts: [429, 201] },
    { what: "500", fault: { status: 500, count: 3 }, puts: [500, 500, 500, 201] },
    { what: "503", fault: { status: 503 }, puts: [503, 201] },
    { what: "a dropped connection", fault: { status: "drop" }, puts: [null, 201] },
  ])("$what", async ({ fault, puts }) => {
    const name = await uploadWithFault(fault);
    expect(await test.status(`${name}.json`)).toMatchObject({
      state: "succeeded",
      error: null,
      retrying: null,
    });
    const sent = test.exchanges().filter(({ url }) => url.includes(`/images/${name}?`));
    expect(sent.map(({ status }) => status)).toEqual(puts);
  });

  it("409 while another operation is in the way", async () => {
    const error = {
      code: "Conflict",
      message: "Another operation is in progress on the resource.",
    };
    const name = await uploadWithFault({ status: 409, error });
    expect((await test.status(`${name}.json`)).state).toBe("succeeded");
  });

  it("a connection that drops after the service did the work: one image, requested once", async () => {
    const name = await uploadWithFault({ status: "drop", when: "after" });
    expect((await test.status(`${name}.json`)).state).toBe("succeeded");
    await expect(putBodyOf(test, name)).resolves.toBeTruthy();
  });

  it("is shown in the status while it lasts", async () => {
    const name = await uploadWithFault({ status: 429, retryAfter: 5 });
    const waiting = await test.status(`${name}.json`, ({ retrying }) => retrying !== null);
    expect(waiting).toMatchObject({
      state: "submitting",
      error: null,
      retrying: { attempts: 1, message: expect.stringMatching(/\w/) },
    });
    expect((await test.status(`${name}.json`)).state).toBe("succeeded");
  });
});

it("an image is requested with the token of the app's identity, and the token is nowhere else", async () => {
  await test.putManifest("token.json", SNAPSHOT_MANIFEST);
  await test.status("token.json");
  const seen = JSON.stringify([test.exchanges("GET"), test.exchanges("PUT"), test.log]);
  expect(seen).not.toMatch(/Bearer\s+\w/);
  expect(seen).not.toContain(test.world.arm.identity.header);
});
