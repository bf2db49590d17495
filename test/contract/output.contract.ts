import { beforeEach, describe, expect, it } from "vitest";
import { ServiceError } from "../../shared/errors.ts";
import type { ImageRequest } from "../../shared/image/image-request.ts";
import type { OutputKind, OutputOutcome, OutputSubject } from "../../shared/outputs/output-kind.ts";
import { newOutput, type OutputProgress } from "../../shared/record/output.ts";

/** A kind of output, and the world in which it is made. */
export interface OutputWorld {
  readonly kind: OutputKind;
  /** What Azure will make. */
  readonly request: ImageRequest;
  /** The same, asking for other tags and another location, and the paths of these. */
  readonly other: { readonly request: ImageRequest; readonly paths: readonly string[] };
  /** What the kind may ask. */
  readonly subject: OutputSubject;
  /** Azure ends the next operation like this. */
  endNextAs(end: "Failed" | "Canceled"): Promise<void>;
  /** Azure refuses the next PUT with this status. */
  refuseNext(status: number): Promise<void>;
  /** Somebody deletes what was made. */
  remove(): Promise<void>;
  /** PUTs that Azure has accepted. */
  countPuts(): Promise<number>;
}

const MAX_LOOKS = 20;

/** What every kind of output promises to the stages. */
export function outputContract(makeWorld: () => Promise<OutputWorld>): void {
  let world: OutputWorld;
  beforeEach(async () => {
    world = await makeWorld();
  });

  /** Checks it and asks for it; the output as the stages would save it. */
  async function ask(): Promise<OutputProgress> {
    const { kind, request } = world;
    const checked = await kind.check(request, newOutput(kind.kind), world.subject);
    if (checked.verdict !== "ready") throw new Error("it is not ready");
    const claimed = { ...checked.output, puts: 1 };
    const creation = await kind.create(request, claimed, world.subject);
    if (!("operationUrl" in creation)) throw new Error("it was not accepted");
    const operation = { url: creation.operationUrl, submittedAt: "2026-03-01T12:00:00.000Z" };
    return { ...claimed, state: "creating", operation };
  }

  /** Looks until the output has ended. */
  async function followToEnd(output: OutputProgress): Promise<OutputOutcome> {
    let current = output;
    for (let look = 0; look < MAX_LOOKS; look++) {
      const outcome = await world.kind.follow(world.request, current, world.subject);
      if (outcome.state !== "working") return outcome;
      current = outcome.output;
    }
    throw new Error("it does not end");
  }

  const find = () => world.kind.find(world.request, newOutput(world.kind.kind), world.subject);

  describe("an output", () => {
    it("is wanted by its request, and has some time", () => {
      const { kind, request } = world;
      expect(kind.isWanted(request)).toBe(true);
      expect(kind.noun).toMatch(/^[a-z ]+$/);
    });

    it("is not found before it was requested, and looking does not create it", async () => {
      expect(await find()).toBeNull();
      expect(await world.countPuts()).toBe(0);
    });

    it("is made by one PUT, and is found under its id as what was requested", async () => {
      const output = await ask();
      const id = world.kind.idOf(world.request, output)?.toLowerCase();
      const outcome = await followToEnd(output);
      expect(outcome).toMatchObject({ state: "succeeded" });
      expect("id" in outcome && outcome.id.toLowerCase()).toBe(id);
      const found = await find();
      expect(found).toMatchObject({ state: "succeeded", differences: [] });
      expect(found?.id.toLowerCase()).toBe(id);
      expect(await world.countPuts()).toBe(1);
    });

    it("is found while it is being made", async () => {
      await ask();
      expect(await find()).toMatchObject({ state: "working", differences: [] });
    });

    it("is followed to the end even without the URL of its operation", async () => {
      const output = await ask();
      const forgotten = {
        ...output,
        operation: output.operation && { ...output.operation, url: null },
      };
      expect(await followToEnd(forgotten)).toMatchObject({ state: "succeeded" });
    });

    it("names the paths at which it differs from another request, and nothing more", async () => {
      await followToEnd(await ask());
      const { request, paths } = world.other;
      const found = await world.kind.find(request, newOutput(world.kind.kind), world.subject);
      expect([...(found?.differences ?? [])].sort()).toEqual(paths);
      expect(Object.keys(found ?? {}).sort()).toEqual(["differences", "id", "state"]);
    });

    it("explains what exists in its way, by its id", async () => {
      await followToEnd(await ask());
      const found = await find();
      if (found === null) throw new Error("it is not there");
      const failure = world.kind.explainExisting(found, "is in the way");
      expect(failure).toMatchObject({
        code: expect.stringMatching(/^[A-Z]\w+Exists$/),
        message: expect.stringContaining(`${found.id} exists and is in the way`),
        target: found.id,
        retryable: false,
      });
    });

    it("has failed when its operation has, with the code", async () => {
      await world.endNextAs("Failed");
      const outcome = await followToEnd(await ask());
      expect(outcome).toMatchObject({ state: "failed", failure: { code: "TestFailure" } });
    });

    it("is canceled when its operation is", async () => {
      await world.endNextAs("Canceled");
      expect(await followToEnd(await ask())).toMatchObject({ state: "canceled" });
    });

    it("has failed when somebody deletes it before it is seen to be ready", async () => {
      const output = await ask();
      await followToEnd(output);
      await world.remove();
      const forgotten = { ...output, operation: null };
      expect(await followToEnd(forgotten)).toMatchObject({
        state: "failed",
        failure: { code: expect.stringMatching(/Vanished$/), retryable: true },
      });
    });

    it.each([400, 409, 429, 503])("is not made when its PUT is refused with %i", async (status) => {
      await world.refuseNext(status);
      const refusal = await ask().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ServiceError);
      expect(refusal instanceof ServiceError && refusal.parts.status).toBe(status);
      expect(await find()).toBeNull();
      expect(await world.countPuts()).toBe(0);
    });
  });
}
