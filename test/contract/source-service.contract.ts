import { beforeEach, describe, expect, it } from "vitest";
import { ServiceError } from "../../shared/errors.ts";
import type { SourceKind } from "../../shared/image/resource-sources.ts";
import type { SourceFacts, SourceService } from "../../shared/ports.ts";

/** A service of sources, and the world in which they are. */
export interface SourceWorld {
  readonly sources: SourceService;
  /** Makes a resource that says these things of itself; returns its id. */
  create(kind: SourceKind, name: string, facts: Partial<SourceFacts>): Promise<string>;
  /** An id of this kind under which nothing exists. */
  missing(kind: SourceKind): string;
  /** Azure answers the next read with this status. */
  refuseNext(status: number): Promise<void>;
}

const DISKS = ["snapshot", "managedDisk"] as const;
const KINDS = [...DISKS, "virtualMachine"] as const;

/** What the stages rely on when they look at a source that is not a blob. */
export function sourceServiceContract(makeWorld: () => Promise<SourceWorld>): void {
  let world: SourceWorld;
  beforeEach(async () => {
    world = await makeWorld();
  });

  describe("a source", () => {
    it.each(KINDS)("that does not exist is null: %s", async (kind) => {
      expect(await world.sources.read({ kind, id: world.missing(kind) })).toBeNull();
    });

    it.each(DISKS)("says what it is: %s", async (kind) => {
      const facts = { osType: "Linux", hyperVGeneration: "V2", architecture: "Arm64" } as const;
      const id = await world.create(kind, "told", facts);
      const read = await world.sources.read({ kind, id });
      expect(read).toMatchObject({ ...facts, machine: null });
    });

    it.each(DISKS)("that says nothing of itself leaves it open: %s", async (kind) => {
      const id = await world.create(kind, "silent", {});
      expect(await world.sources.read({ kind, id })).toMatchObject({
        osType: null,
        hyperVGeneration: null,
        architecture: null,
        securityType: null,
        machine: null,
      });
    });

    it("says how a machine stands", async () => {
      const machine = { isGeneralized: true, powerState: "deallocated" };
      const id = await world.create("virtualMachine", "machine", { osType: "Linux", machine });
      const read = await world.sources.read({ kind: "virtualMachine", id });
      expect(read?.machine).toEqual(machine);
    });

    it("is the same whatever the case of its id", async () => {
      const id = await world.create("snapshot", "cased", { osType: "Windows" });
      const read = await world.sources.read({ kind: "snapshot", id: id.replace("cased", "CASED") });
      expect(read?.osType).toBe("Windows");
    });

    it.each([403, 429, 503])("that cannot be read for %i is an error with it", async (status) => {
      const id = await world.create("snapshot", "locked", {});
      await world.refuseNext(status);
      const refusal = await world.sources.read({ kind: "snapshot", id }).catch((e: unknown) => e);
      expect(refusal instanceof ServiceError && refusal.parts.status).toBe(status);
    });
  });
}
