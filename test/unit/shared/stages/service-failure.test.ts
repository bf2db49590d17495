import { describe, expect, it } from "vitest";
import type { ServiceErrorParts } from "../../../../shared/errors.ts";
import { FEW_ATTEMPTS } from "../../../../shared/service-errors/service-errors.ts";
import { retryOutput } from "../../../../shared/stages/service-failure.ts";
import { makeImageRequest, makeOutput, makeRecord } from "../../../factories.ts";
import { createFakeApp } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };

const GALLERY_ID =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/images-rg/providers/Microsoft.Compute/galleries/ours";

/** What an output in a request in `submitting` does about an error after so many tries. */
function handle(parts: Partial<ServiceErrorParts>, retries = 0, refusals = 0) {
  const { context } = createFakeApp();
  const output = makeOutput({ retries, refusals });
  const deadlineAt = "2026-03-02T12:00:00.000Z";
  const record = makeRecord({ state: "submitting", deadlineAt, outputs: [output] });
  const kind = context.outputs.kindOf(output);
  const work = { record, request: makeImageRequest(), output, kind, context };
  const result = retryOutput(work, serviceError(parts));
  return { ...result, delaySeconds: delayOf(result.output.dueAt, context) };
}

function delayOf(dueAt: string | null, { clock }: { clock: () => Date }): number {
  return dueAt === null ? 0 : (Date.parse(dueAt) - clock().getTime()) / 1000;
}

describe("retryOutput", () => {
  it.each([
    { retryAfterSeconds: 2, retries: 0, least: 10 },
    { retryAfterSeconds: 1200, retries: 0, least: 1200 },
    { retryAfterSeconds: null, retries: 0, least: 10 },
    { retryAfterSeconds: null, retries: 3, least: 80 },
    { retryAfterSeconds: null, retries: 50, least: 300 },
    { retryAfterSeconds: 1200, retries: 50, least: 1200 },
  ])(
    "waits at least $least s after try $retries with Retry-After $retryAfterSeconds, and a fifth more at most",
    ({ retryAfterSeconds, retries, least }) => {
      const { record, output, delaySeconds } = handle({ status: 429, retryAfterSeconds }, retries);

      expect(delaySeconds).toBeGreaterThanOrEqual(least);
      expect(delaySeconds).toBeLessThanOrEqual(least * 1.2);
      expect(record.outputs).toEqual([output]);
      expect(output).toMatchObject({ state: "pending", retries: retries + 1 });
    },
  );

  it("keeps the last answer, for the status and for the deadline", () => {
    const { output } = handle({ status: 503, code: "ServiceUnavailable", message: "not now" });

    expect(output.error).toMatchObject({ code: "ServiceUnavailable", message: "not now" });
  });

  it("fails at once for what is never retried", () => {
    const { output, delaySeconds } = handle({ status: 400, code: "InvalidVhd" });

    expect(output).toMatchObject({ state: "failed", error: { code: "InvalidVhd" } });
    expect(delaySeconds).toBe(0);
  });

  it("fails with the last of a few tries, and not before", () => {
    const refusal = { status: 403, code: "AuthorizationFailed" };

    expect(handle(refusal, 0, FEW_ATTEMPTS - 2).output.state).toBe("pending");
    expect(handle(refusal, 0, FEW_ATTEMPTS - 1).output.state).toBe("failed");
  });

  it("gives a new role ten minutes to take effect, and two more at most", () => {
    const refusal = { status: 403, code: "AuthorizationFailed" };
    const waits = Array.from({ length: FEW_ATTEMPTS - 1 }, (_, tries) =>
      handle(refusal, tries, tries),
    );
    const seconds = waits.reduce((sum, { delaySeconds }) => sum + delaySeconds, 0);
    expect(waits.every(({ output }) => output.state === "pending")).toBe(true);
    expect(seconds).toBeGreaterThanOrEqual(600);
    expect(seconds).toBeLessThanOrEqual(12.5 * 60);
  });

  it("counts refusals apart from other errors, and only those in a row", () => {
    const refusal = { status: 403, code: "AuthorizationFailed" };

    expect(handle(refusal, 40).output).toMatchObject({ state: "pending", refusals: 1 });
    expect(handle({ status: 500 }, 3, 3).output).toMatchObject({ retries: 4, refusals: 0 });
  });

  it("waits no longer than the state may last", () => {
    const { context } = createFakeApp();
    const output = makeOutput();
    const deadlineAt = "2026-03-01T12:05:00.000Z";
    const record = makeRecord({ state: "submitting", deadlineAt, outputs: [output] });
    const throttle = serviceError({ status: 429, retryAfterSeconds: 604_800 });

    const kind = context.outputs.kindOf(output);
    const work = { record, request: makeImageRequest(), output, kind, context };
    const result = retryOutput(work, throttle);
    expect(delayOf(result.output.dueAt, context)).toBe(300);
  });

  it("names the output in the commands of the fix, where it has a name", () => {
    const { context } = createFakeApp();
    const output = makeOutput();
    const record = makeRecord({ state: "submitting", outputs: [output] });
    const id = `${GALLERY_ID}/images/ubuntu/versions/1.4.0`;
    const kind = context.outputs.kindOf(output);
    const fixOf = (idOf: () => string | null) =>
      retryOutput(
        { record, request: makeImageRequest(), output, kind: { ...kind, idOf }, context },
        serviceError({ status: 404, code: "ParentResourceNotFound" }),
      ).output.error?.fix;

    expect(fixOf(() => id)).toContain("--gallery-name 'ours'");
    expect(fixOf(() => null)).toContain("--gallery-name 'GALLERY'");
  });

  it("spends a Retry-After of 1200 s in the queue: the step ends, and its message is hidden", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push(serviceError({ status: 429, retryAfterSeconds: 1200 }));
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
    await app.run(() => app.recordOf("web.json").retries === 1);

    const { step, requestId, dueAt } = app.recordOf("web.json");
    const next = app.workQueue.pending.filter(
      ({ message }) => message.requestId === requestId && message.step === step,
    );
    const now = app.clock.now().getTime();
    const hiddenSeconds = next.map(({ visibleAt }) => (visibleAt.getTime() - now) / 1000);
    expect(hiddenSeconds).toHaveLength(1);
    expect(hiddenSeconds[0]).toBeGreaterThanOrEqual(1200);
    expect(hiddenSeconds[0]).toBeLessThanOrEqual(1441);
    expect(Date.parse(dueAt ?? "")).toBeGreaterThanOrEqual(now + 1200_000);
    expect(app.images.puts).toEqual([]);
  });
});
