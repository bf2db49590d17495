import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { AnonymousCredential, PageBlobClient } from "@azure/storage-blob";
import { describe, expect, it } from "vitest";
import type { DiskContent } from "../../cli/upload/index.ts";
import { putPageBlob } from "../../local/disk-upload/index.ts";
import type { UploadStep } from "../uploaders/steps.ts";
import { UPLOAD_TOOLS } from "../uploaders/tools.ts";
import { readBicepFile } from "./bicep.ts";
import { readCodes, readTables } from "./markdown.ts";

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const WRITE = `${BLOBS}/write`;
const ADD = `${BLOBS}/add/action`;
const DELETE = `${BLOBS}/delete`;

const REST = "https://learn.microsoft.com/rest/api/storageservices";

/** A call of the blob service, and the actions of which its page ("Authorization") asks for one. */
interface Call {
  readonly needs: readonly string[];
  readonly source: string;
}

/** What each step of an upload calls; null for what the service or nobody does. */
const CALLS: Readonly<Record<UploadStep["do"], Call | null>> = {
  create: { needs: [WRITE, ADD], source: `${REST}/put-blob` },
  putPages: { needs: [WRITE], source: `${REST}/put-page` },
  setProperties: { needs: [WRITE], source: `${REST}/set-blob-properties` },
  setMetadata: { needs: [WRITE], source: `${REST}/set-blob-metadata` },
  startCopy: { needs: [WRITE, ADD], source: `${REST}/copy-blob` },
  delete: { needs: [DELETE], source: `${REST}/delete-blob` },
  writeManifest: { needs: [WRITE, ADD], source: `${REST}/put-blob` },
  copyPages: null,
  finishCopy: null,
  pause: null,
};

const MODULE = readBicepFile("infra/modules/data-rights.bicep");
const ROLE = MODULE.resources.find(({ name }) => name === "uploader")?.body ?? "";
const ALLOWED = [...ROLE.matchAll(/'(Microsoft\.Storage\/[\w/]+)'/g)].map(([, action]) => action);

/** Which step a request of the blob service is; null for one that no uploader of the list sends. */
function nameStep({ method, url = "" }: IncomingMessage): UploadStep["do"] | null {
  const operation = `${method} ${/[?&]comp=(\w+)/.exec(url)?.[1] ?? ""}`.trim();
  const steps: Readonly<Record<string, UploadStep["do"]>> = {
    PUT: "create",
    "PUT page": "putPages",
    "PUT properties": "setProperties",
    "PUT metadata": "setMetadata",
    DELETE: "delete",
  };
  return steps[operation] ?? null;
}

function isAllowed(step: UploadStep): boolean {
  const call = CALLS[step.do];
  return call === null || call.needs.some((action) => ALLOWED.includes(action));
}

describe("the role of uploaders", () => {
  it("has data actions only, and none that reads, lists, deletes, moves, or changes owners", () => {
    expect(ALLOWED).toEqual([ADD, WRITE]);
    expect(ROLE).toMatch(/dataActions: \[/);
    expect(ROLE).not.toMatch(/^\s*actions:|\*/m);
  });

  it.each(UPLOAD_TOOLS)("is enough for $id, with the manifest last", ({ begin, end }) => {
    const steps: readonly UploadStep[] = [
      ...begin,
      { do: "putPages", pages: [], parallel: 1, guarded: false },
      ...end,
      { do: "writeManifest" },
    ];
    expect(steps.filter((step) => !isAllowed(step))).toEqual([]);
  });

  it("is enough for an upload of the local world, as it calls the service", async () => {
    const steps: (UploadStep["do"] | null)[] = [];
    const server = createServer((request, response) => {
      steps.push(nameStep(request));
      request.resume();
      response.writeHead(request.url?.includes("properties") ? 200 : 201, { etag: '"1"' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const blob = new PageBlobClient(
      `http://127.0.0.1:${port}/uploads/os.vhd`,
      new AnonymousCredential(),
    );
    const content: DiskContent = {
      reader: { read: async (_, count) => new Uint8Array(count).fill(1) },
      sizeBytes: 1024,
      shown: "os.vhd",
    };

    try {
      await putPageBlob(blob, content, { metadata: { osstate: "Generalized" } });
    } finally {
      server.closeAllConnections();
      server.close();
    }

    expect(steps).toEqual(["create", "putPages", "setProperties"]);
    const refused = steps.filter((step) => {
      const needs = step === null ? [] : (CALLS[step]?.needs ?? []);
      return !needs.some((action) => ALLOWED.includes(action));
    });
    expect(refused).toEqual([]);
  });

  it("does not let anybody delete a blob", () => {
    expect(isAllowed({ do: "delete" })).toBe(false);
  });

  it("is documented, action by action", () => {
    const documented = readTables("docs/deployment.md", "### Uploaders").flatMap((row) =>
      readCodes(row.action),
    );
    expect(documented).toEqual(ALLOWED);
  });
});
