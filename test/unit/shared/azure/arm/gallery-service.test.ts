import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGalleryService } from "../../../../../shared/azure/arm/gallery-service.ts";
import { ServiceError } from "../../../../../shared/errors.ts";
import type { GalleryService } from "../../../../../shared/gallery-ports.ts";
import { definitionId, versionId } from "../../../../../shared/image/gallery-request.ts";
import { computeId, makeGallery, SUBSCRIPTION_ID } from "../../../../factories.ts";
import { type ScriptedService, startScriptedService } from "../scripted-service.ts";

const gallery = makeGallery();
const DEFINITION = definitionId(gallery);
const VERSION = versionId(gallery, "1.4.0");
const ACCOUNTS = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Storage/storageAccounts`;
const error = (status: number, code: string) => ({
  status,
  body: { error: { code, message: "no" } },
});

let service: ScriptedService;
let galleries: GalleryService;
beforeAll(async () => {
  service = await startScriptedService();
});
afterAll(() => service.stop());
beforeEach(() => {
  const credential = {
    getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  galleries = createGalleryService({ credential, cloud: "AzureCloud", endpoint: service.url });
});
afterEach(() => {
  service.requests.length = 0;
});

const calls = () => service.requests.map(({ method, path }) => `${method} ${path}`);
const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const outcome = await call.catch((thrown: unknown) => thrown);
  if (outcome instanceof ServiceError) return outcome.parts.code;
  throw new Error(`no ServiceError but ${JSON.stringify(outcome)}`);
};

describe("a GET", () => {
  it.each([
    { what: "definition", code: "ResourceNotFound" },
    { what: "definition", code: "NotFound" },
    { what: "definition", code: "GalleryImageNotFound" },
    { what: "version", code: "ResourceNotFound" },
    { what: "version", code: "GalleryImageVersionNotFound" },
  ])("of a $what that does not exist is null: $code", async ({ what, code }) => {
    service.answer(error(404, code));
    const found =
      what === "version"
        ? galleries.findVersion(gallery, "1.4.0")
        : galleries.findDefinition(gallery);
    expect(await found).toBeNull();
    expect(calls()).toEqual([`GET ${what === "version" ? VERSION : DEFINITION}`]);
  });

  it.each([
    { what: "version", status: 404, code: "GalleryImageNotFound" },
    { what: "version", status: 404, code: "ParentResourceNotFound" },
    { what: "definition", status: 404, code: "ParentResourceNotFound" },
    { what: "definition", status: 403, code: "NotFound" },
  ])("of a $what that fails otherwise throws: $status $code", async ({ what, status, code }) => {
    service.answer(error(status, code));
    const found =
      what === "version"
        ? galleries.findVersion(gallery, "1.4.0")
        : galleries.findDefinition(gallery);
    expect(await codeOf(found)).toBe(code);
  });
});

describe("the versions of a definition", () => {
  const list = (names: string[], nextLink?: string) => ({
    status: 200,
    body: { value: names.map((name) => ({ name })), ...(nextLink && { nextLink }) },
  });

  it("are all pages of the list, and those that can be restored", async () => {
    service.answer(list(["1.0.0"], `${service.url}/next?page=2`), list(["1.0.1"]), list(["0.9.0"]));
    expect(await galleries.listVersions(gallery)).toEqual(["1.0.0", "1.0.1", "0.9.0"]);
    expect(calls()).toEqual([
      `GET ${DEFINITION}/versions`,
      "GET /next",
      `GET ${DEFINITION.replace("/images/ubuntu", "")}/softDeletedArtifactTypes/images/artifacts/ubuntu/versions`,
    ]);
  });

  it.each([400, 403, 404])(
    "do without the list of deleted ones where it is refused: %i",
    async (status) => {
      service.answer(list(["1.0.0"]), error(status, "FeatureNotEnabled"));
      expect(await galleries.listVersions(gallery)).toEqual(["1.0.0"]);
    },
  );

  it.each([429, 503])("are not known while that list cannot be had: %i", async (status) => {
    service.answer(list(["1.0.0"]), error(status, "Later"));
    expect(await codeOf(galleries.listVersions(gallery))).toBe("Later");
  });

  it("are not known when a list leads to another host: no token is sent there", async () => {
    service.answer(list(["1.0.0"], "https://127.0.0.1:1/next"));
    expect(await codeOf(galleries.listVersions(gallery))).toBe("ForeignOperationUrl");
  });

  it("end after two hundred pages, should a list go round in circles", async () => {
    const page = list(["1.0.0"], `${service.url}/next`);
    service.answer(...Array<typeof page>(200).fill(page), list([]));
    expect(await galleries.listVersions(gallery)).toHaveLength(200);
    expect(service.requests).toHaveLength(201);
  });
});

describe("a PUT and a DELETE", () => {
  it.each([
    { status: 201, isNew: true },
    { status: 200, isNew: false },
  ])("of a version says whether it is new: $status", async ({ status, isNew }) => {
    const operationUrl = `${service.url}/capsOperations/1?t=1&s=SIGNED`;
    const body = { location: "westeurope", properties: { unknownToTheClient: 1 } };
    service.answer({ status, headers: { "Azure-AsyncOperation": operationUrl }, body: {} });
    expect(await galleries.createVersion(gallery, "1.4.0", body)).toEqual({ operationUrl, isNew });
    expect(service.requests).toMatchObject([
      { method: "PUT", path: VERSION, apiVersion: "2025-12-03", body },
    ]);
  });

  it("of a version may name no operation", async () => {
    service.answer({ status: 201, body: {} });
    expect(await galleries.createVersion(gallery, "1.4.0", {})).toMatchObject({
      operationUrl: null,
    });
  });

  it("are sent once each", async () => {
    service.answer({ status: 201, body: {} }, { status: 202 });
    await galleries.createDefinition(gallery, { location: "westeurope" });
    await galleries.deleteVersion(gallery, "1.4.0");
    expect(calls()).toEqual([`PUT ${DEFINITION}`, `DELETE ${VERSION}`]);
  });

  it("that is refused throws", async () => {
    service.answer(error(409, "PropertyChangeNotAllowed"));
    const refused = galleries.createVersion(gallery, "1.4.0", {});
    expect(await codeOf(refused)).toBe("PropertyChangeNotAllowed");
  });
});

describe("a storage account", () => {
  const page = (name: string, nextLink?: string) => ({
    status: 200,
    body: {
      value: [{ name, id: `${ACCOUNTS}/${name}`, location: "westus" }],
      ...(nextLink && { nextLink }),
    },
  });

  it("is searched for through all pages, and no further than the one that has it", async () => {
    const next = `${service.url}/next`;
    service.answer(page("first", next), page("disks", next));
    expect(await galleries.findAccount(SUBSCRIPTION_ID, "disks")).toEqual({
      id: `${ACCOUNTS}/disks`,
      location: "westus",
    });
    expect(calls()).toEqual([`GET ${ACCOUNTS}`, "GET /next"]);
  });

  it("that no page has is null", async () => {
    service.answer(page("first"));
    expect(await galleries.findAccount(SUBSCRIPTION_ID, "disks")).toBeNull();
  });

  it.each([403, 404])("of a subscription that may not be seen is null: %i", async (status) => {
    service.answer(error(status, "No"));
    expect(await galleries.findAccount(SUBSCRIPTION_ID, "disks")).toBeNull();
  });

  it("is not taken for missing when the service fails", async () => {
    service.answer(error(503, "Busy"), "drop");
    expect(await codeOf(galleries.findAccount(SUBSCRIPTION_ID, "disks"))).toBe("Busy");
    expect(await codeOf(galleries.findAccount(SUBSCRIPTION_ID, "disks"))).toBe("ECONNRESET");
  });
});

describe("a source", () => {
  it("that is an image is read by one GET", async () => {
    const id = computeId("images", "web");
    service.answer({ status: 200, body: { location: "westus", properties: {} } });
    expect(await galleries.readSource({ kind: "managedImage", id })).toMatchObject({
      location: "westus",
    });
    expect(service.requests).toMatchObject([{ method: "GET", path: id, apiVersion: "2026-04-01" }]);
  });

  it("that is a version is read with its definition", async () => {
    service.answer(
      { status: 200, body: { location: "westus" } },
      { status: 200, body: { properties: { osType: "Windows" } } },
    );
    expect(await galleries.readSource({ kind: "galleryVersion", id: VERSION })).toMatchObject({
      location: "westus",
      osType: "Windows",
    });
    expect(calls()).toEqual([`GET ${VERSION}`, `GET ${DEFINITION}`]);
  });

  it.each([
    "ResourceNotFound",
    "ResourceGroupNotFound",
    "ParentResourceNotFound",
    "SubscriptionNotFound",
  ])("that does not exist, or what it is in, is null: %s", async (code) => {
    service.answer(error(404, code));
    expect(await galleries.readSource({ kind: "galleryVersion", id: VERSION })).toBeNull();
  });
});
