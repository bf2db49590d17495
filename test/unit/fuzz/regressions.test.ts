import { describe, expect, it } from "vitest";
import { checkBlobName } from "../../fuzz/blob-names.ts";
import { checkManifest } from "../../fuzz/manifests.ts";
import { type Answer, checkAnswers, checkReaders } from "../../fuzz/service-answers.ts";

/** Every case that fuzzing has found, and what went wrong then. */

const ok = (body: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

describe("answers of the service", () => {
  it.each<[was: string, answers: readonly Answer[]]>([
    [
      "an id too long for a message of the status queue",
      [ok({ id: "x".repeat(60_000), properties: {} })],
    ],
    [
      "an id that is not text made the record unreadable",
      [ok({ id: {}, properties: { provisioningState: "succeeded" } })],
    ],
    ["a state that is not text was a TypeError", [ok({ properties: { provisioningState: 7 } })]],
    ["null for an image was a TypeError", [ok("null")]],
    [
      "a wait of 10^400 seconds was no date",
      [{ status: 429, headers: { "retry-after": "9".repeat(400) }, body: null }],
    ],
    [
      "an error with a code and nothing else had no message",
      [{ status: 409, headers: {}, body: '{"error":{"code":"x"}}' }],
    ],
    [
      "a redirect was an operation under way forever",
      [ok({}), { status: 307, headers: {}, body: null }],
    ],
  ])("%s", async (_, answers) => {
    answers.forEach(checkReaders);
    await expect(checkAnswers(answers)).resolves.toBeUndefined();
  });
});

describe("names of blobs", () => {
  it.each([
    ["a URL with it is that of another blob", "x/../web.json"],
    ["the service reads another blob", "x\\web.json"],
    ["no request can be made for it", "\ud800.json"],
    ["the service does not allow the name", "a\u0000.vhd"],
    ["it looks like a query, and is shown as one", "?sig=x.json"],
    ["it is nothing but the extension", ".json"],
  ])("%s: %j", async (_, name) => {
    await expect(checkBlobName(name)).resolves.toBeUndefined();
  });
});

describe("manifests", () => {
  const disk = { osType: "Linux", osState: "Generalized" };
  const named = (index: number): string => `${"盤".repeat(1_000)}${index}.vhd`;

  it.each<[was: string, manifest: object]>([
    [
      "names of blobs that do not fit into a record",
      {
        properties: {
          storageProfile: {
            osDisk: { ...disk, blobUri: named(64) },
            dataDisks: Array.from({ length: 64 }, (_, lun) => ({ lun, blobUri: named(lun) })),
          },
        },
      },
    ],
    [
      "names of blobs that do not fit into a message",
      {
        properties: {
          storageProfile: {
            osDisk: { ...disk, blobUri: "o".repeat(1_000).concat(".vhd") },
            dataDisks: Array.from({ length: 20 }, (_, lun) => ({
              lun,
              blobUri: `${"盤".repeat(300)}${lun}.vhd`,
            })),
          },
        },
      },
    ],
  ])("%s", async (_, manifest) => {
    const bytes = new TextEncoder().encode(JSON.stringify(manifest));
    await expect(checkManifest(bytes)).resolves.toBeUndefined();
  });
});
