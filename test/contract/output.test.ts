import { describe } from "vitest";
import { createImageService } from "../../shared/azure/arm/image-service.ts";
import type { ImageRequest } from "../../shared/image/image-request.ts";
import { createManagedImageKind } from "../../shared/outputs/managed-image/managed-image.ts";
import { createFakeImageService, serviceError } from "../fakes/image-service.ts";
import { imagePath, seedPath, subscriptionId } from "../unit/local/arm-simulator/simulator.ts";
import { armOptions, useSimulator } from "./arm-simulator.ts";
import { outputContract } from "./output.contract.ts";

const request: ImageRequest = {
  imageName: "web",
  resourceGroup: "images-rg",
  subscriptionId,
  location: "westus",
  osDisk: {
    osType: "Windows",
    osState: "Generalized",
    source: { kind: "managedDisk", id: `${seedPath}/disks/myManagedDisk1` },
  },
  dataDisks: [],
};

describe("the managed image on the fake service", () => {
  outputContract(async () => {
    const images = createFakeImageService();
    return {
      kind: createManagedImageKind(images),
      request,
      async endNextAs(end) {
        const { parts } = serviceError({ status: 200, code: "TestFailure" });
        images.nextPolls.push(
          end === "Failed" ? { status: "failed", error: parts } : { status: "canceled" },
        );
      },
      async refuseNext(status) {
        images.nextPuts.push(serviceError({ status }));
      },
      async remove() {
        images.existing.clear();
      },
      countPuts: async () => images.puts.length,
    };
  });
});

describe("the managed image on the simulator of the service", () => {
  const simulator = useSimulator();
  outputContract(async () => {
    await simulator().control("reset");
    const fault = (order: object) => simulator().control("faults", { count: 1, ...order });
    return {
      kind: createManagedImageKind(createImageService(armOptions(simulator()))),
      request,
      async endNextAs(operation) {
        await fault({ operation, error: { code: "TestFailure", message: "as the test wants" } });
      },
      async refuseNext(status) {
        await fault({ method: "PUT", path: "images/web", status });
      },
      async remove() {
        await simulator().send("DELETE", `${imagePath}/web?api-version=2026-04-01`);
      },
      async countPuts() {
        const exchanges = await simulator().exchanges();
        return exchanges.filter(({ method, status }) => method === "PUT" && (status ?? 500) < 300)
          .length;
      },
    };
  });
});
