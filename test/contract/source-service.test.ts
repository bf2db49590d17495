import { describe } from "vitest";
import { createSourceService } from "../../shared/azure/arm/source-service.ts";
import type { SourceKind } from "../../shared/image/resource-sources.ts";
import { serviceError } from "../fakes/image-service.ts";
import { createFakeSourceService } from "../fakes/source-service.ts";
import { seedPath } from "../unit/local/arm-simulator/simulator.ts";
import { armOptions, useSimulator } from "./arm-simulator.ts";
import { sourceServiceContract } from "./source-service.contract.ts";

const TYPES: Readonly<Record<SourceKind, { order: string; path: string }>> = {
  snapshot: { order: "snapshot", path: "snapshots" },
  managedDisk: { order: "disk", path: "disks" },
  virtualMachine: { order: "virtualMachine", path: "virtualMachines" },
};
const idOf = (kind: SourceKind, name: string): string => `${seedPath}/${TYPES[kind].path}/${name}`;

describe("the fake source service", () => {
  sourceServiceContract(async () => {
    const sources = createFakeSourceService();
    let refusal: number | null = null;
    return {
      sources: {
        async read(source) {
          const status = refusal;
          refusal = null;
          if (status !== null) throw serviceError({ status });
          return sources.read(source);
        },
      },
      async create(kind, name, facts) {
        sources.set(idOf(kind, name), facts);
        return idOf(kind, name);
      },
      missing(kind) {
        sources.set(idOf(kind, "missing"), null);
        return idOf(kind, "missing");
      },
      async refuseNext(status) {
        refusal = status;
      },
    };
  });
});

describe("the source service on the simulator of the service", () => {
  const simulator = useSimulator();
  sourceServiceContract(async () => ({
    sources: createSourceService(armOptions(simulator())),
    async create(kind, name, { machine, architecture, osType, hyperVGeneration }) {
      await simulator().control("resources", {
        type: TYPES[kind].order,
        name,
        ...(osType && { osType }),
        ...(hyperVGeneration && { hyperVGeneration }),
        ...(architecture && { architecture: architecture.toLowerCase() }),
        ...(machine && { generalized: machine.isGeneralized, powerState: machine.powerState }),
      });
      return idOf(kind, name);
    },
    missing: (kind) => idOf(kind, "missing"),
    async refuseNext(status) {
      await simulator().control("faults", { method: "GET", path: "snapshots", status, count: 1 });
    },
  }));
});
