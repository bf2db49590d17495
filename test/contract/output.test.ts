import { describe } from "vitest";
import { createGalleryService } from "../../shared/azure/arm/gallery-service.ts";
import { createImageService } from "../../shared/azure/arm/image-service.ts";
import { definitionId } from "../../shared/image/gallery-request.ts";
import type { ImageRequest } from "../../shared/image/image-request.ts";
import { createGalleryVersionKind } from "../../shared/outputs/gallery-version/gallery-version.ts";
import { createManagedImageKind } from "../../shared/outputs/managed-image/managed-image.ts";
import type { OutputSubject } from "../../shared/outputs/output-kind.ts";
import { makeRecord } from "../factories.ts";
import { createFakeGalleryService, makeDefinition } from "../fakes/gallery-service.ts";
import { createFakeImageService, serviceError } from "../fakes/image-service.ts";
import { createFakeRecordStore } from "../fakes/record-store.ts";
import { createFakeSourceService } from "../fakes/source-service.ts";
import { imagePath, seedPath, subscriptionId } from "../unit/local/arm-simulator/simulator.ts";
import { armOptions, useSimulator } from "./arm-simulator.ts";
import { outputContract } from "./output.contract.ts";

const ANYWHERE = { allowed: null, ofSources: true };

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

/** The same image with other tags, in another region. */
const other = {
  request: { ...request, tags: { team: "blue" }, location: "eastus" },
  paths: ["location", "tags.team"],
};

/** A version of the definition `ubuntu`, which the world has to have. */
const versionRequest: ImageRequest = {
  ...request,
  hyperVGeneration: "V1",
  gallery: {
    subscriptionId,
    resourceGroup: "images-rg",
    name: "shared",
    definition: "windows",
    location: "westus",
    version: "1.4.0",
    publishingProfile: { targetRegions: [{ name: "westus" }, { name: "eastus" }] },
    tags: { team: "red" },
  },
};
const otherVersion = {
  request: {
    ...versionRequest,
    gallery: { ...versionRequest.gallery, tags: { team: "blue" }, location: "eastus" },
  } as ImageRequest,
  paths: ["location", "tags.team"],
};

/** What a kind may ask of a request that makes one of these. */
function makeSubject(asked: ImageRequest): OutputSubject {
  return {
    record: makeRecord({ request: asked }),
    records: createFakeRecordStore(),
    sources: createFakeSourceService(),
    clock: () => new Date(),
    pollSeconds: 0.1,
  };
}

describe("the managed image on the fake service", () => {
  outputContract(async () => {
    const images = createFakeImageService();
    return {
      kind: createManagedImageKind(images),
      request,
      other,
      subject: makeSubject(request),
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
      other,
      subject: makeSubject(request),
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

describe("the image version on the fake service", () => {
  outputContract(async () => {
    if (versionRequest.gallery === undefined) throw new Error("it asks for no version");
    const id = definitionId(versionRequest.gallery);
    const galleries = createFakeGalleryService(id);
    galleries.definitions.set(id.toLowerCase(), makeDefinition({ id, osType: "Windows" }));
    return {
      kind: createGalleryVersionKind({
        galleries,
        allowDefinitionCreate: false,
        regions: ANYWHERE,
      }),
      request: versionRequest,
      other: otherVersion,
      subject: makeSubject(versionRequest),
      async endNextAs(end) {
        const { parts } = serviceError({ status: 200, code: "TestFailure" });
        galleries.nextPolls.push(
          end === "Failed" ? { status: "failed", error: parts } : { status: "canceled" },
        );
      },
      async refuseNext(status) {
        galleries.nextPuts.push(serviceError({ status }));
      },
      async remove() {
        galleries.versions.clear();
      },
      countPuts: async () => galleries.puts.length,
    };
  });
});

describe("the image version on the simulator of the service", () => {
  const simulator = useSimulator();
  outputContract(async () => {
    await simulator().control("reset");
    await simulator().control("resources", {
      type: "galleryImage",
      gallery: "shared",
      name: "windows",
      resourceGroup: "images-rg",
      location: "westus",
      osType: "Windows",
      osState: "Generalized",
      hyperVGeneration: "V1",
    });
    const fault = (order: object) => simulator().control("faults", { count: 1, ...order });
    const galleries = createGalleryService(armOptions(simulator()));
    return {
      kind: createGalleryVersionKind({
        galleries,
        allowDefinitionCreate: false,
        regions: ANYWHERE,
      }),
      request: versionRequest,
      other: otherVersion,
      subject: makeSubject(versionRequest),
      async endNextAs(operation) {
        await fault({ operation, error: { code: "TestFailure", message: "as the test wants" } });
      },
      async refuseNext(status) {
        await fault({ method: "PUT", path: "versions/1.4.0", status });
      },
      async remove() {
        if (versionRequest.gallery === undefined) throw new Error("it asks for no version");
        const path = `${definitionId(versionRequest.gallery)}/versions/1.4.0?api-version=2025-12-03`;
        const deletion = await simulator().send("DELETE", path);
        await simulator().poll(deletion);
        await simulator().poll(deletion);
        await simulator().poll(deletion);
      },
      async countPuts() {
        const exchanges = await simulator().exchanges();
        return exchanges.filter(({ method, status }) => method === "PUT" && (status ?? 500) < 300)
          .length;
      },
    };
  });
});
