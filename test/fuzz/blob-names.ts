import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { readBlobReference } from "../../functions/blob-reference.ts";
import { createBlobLocator } from "../../shared/image/blob-uri.ts";
import { CONTAINER, createFakeApp } from "../fakes/app.ts";
import { makeFooter, VHD_BYTES } from "../fakes/vhd.ts";
import { anyText } from "./any-text.ts";
import { expectSoundRequest } from "./expect-sound-request.ts";
import { defineTarget } from "./target.ts";

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      "a",
      "web",
      " ",
      ".",
      "..",
      "/",
      "\\",
      "%",
      "%2e",
      "%2F",
      "#",
      "?",
      "+",
      "&",
      "=",
      "'",
      '"',
    ],
    ...["20240101", "true", "null", "é", "盤", "💾", "\0", "\r\n", "\u007f", "\ud800", "__proto__"],
    ...[".lun1", ".json", ".vhd", "?sig=x", "\u202e", "。", "{", "$"],
  ),
  anyText({ maxLength: 4 }),
);

/** Names of blobs, legal ones and others. */
export const blobNameCases: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(piece, { minLength: 1, maxLength: 8 }),
    fc.constantFrom(1, 1, 1, 40, 300),
    fc.constantFrom(".vhd", ".json", ".VHD", ".Json", ""),
  )
  .map(([pieces, times, extension]) => pieces.join("").repeat(times).slice(0, 1_100) + extension)
  .filter((name) => name !== "");

const MANIFEST = JSON.stringify({ properties: {} });
const locator = createBlobLocator("https://own.blob.core.windows.net", CONTAINER);

/**
 * The name comes through the trigger as it is. Then it is one request, of this very blob, or one line
 * in the log that says why not; nothing throws, so nothing gets into the poison queue.
 */
export async function checkBlobName(name: string): Promise<void> {
  const app = createFakeApp({
    defaults: { osType: "Linux", osState: "Generalized" },
    timing: { waitDeadlineSeconds: 30, settleSeconds: 0, settleMinSeconds: 0 },
  });
  const ref = readBlobReference({
    version: "1.0",
    source: "AzureStorageBlobs",
    contentType: "application/json",
    content: Buffer.from(JSON.stringify({ ContainerName: CONTAINER, BlobName: name })),
  });
  deepStrictEqual(ref, { container: CONTAINER, name });
  if (name.toLowerCase().endsWith(".vhd")) {
    app.blobs.createPageBlob(ref, VHD_BYTES);
    app.blobs.writeFooter(ref, makeFooter());
  } else {
    app.blobs.putText(ref, MANIFEST);
  }
  await app.event(name);
  await app.run();
  const records = app.records.all();
  if (records.length === 0) {
    ok(app.log.lines.some(({ event }) => /^upload\.(?:refused|ignored)$/.test(event)));
    deepStrictEqual(app.blobs.reads, []);
    return;
  }
  expectSoundRequest(app, name);
  deepStrictEqual(records.length, 1);
  for (const { ref: read } of app.blobs.reads) {
    deepStrictEqual([read.container, read.name], [CONTAINER, name]);
  }
  expectRoundTrip(name);
}

/** A URI of the blob, read as a URL is read anywhere, leads to this blob and to no other. */
function expectRoundTrip(name: string): void {
  const uri = new URL(locator.uriOf({ container: CONTAINER, name }));
  deepStrictEqual(decodeURIComponent(uri.pathname), `/${CONTAINER}/${name}`);
  deepStrictEqual([uri.search, uri.hash, uri.host], ["", "", "own.blob.core.windows.net"]);
}

export const blobNames = defineTarget("blob names", blobNameCases, checkBlobName);
