import { setTimeout as sleep } from "node:timers/promises";
import { QueueClient } from "@azure/storage-queue";
import { expect } from "vitest";
import type { Exchange } from "../../local/arm-simulator/control/exchanges.ts";
import { imageContent, putPageBlob } from "../../local/disk-upload/index.ts";
import { buildSampleVhd, MIB } from "../../local/sample-vhds/index.ts";
import type { TestWorld } from "../e2e/world.ts";

const PAUSE_MILLISECONDS = 600;

/** Every PUT for an image of this name. */
export function listPuts(test: TestWorld, image: string): readonly Exchange[] {
  return test.exchanges().filter(({ url }) => new URL(url).pathname.endsWith(`/images/${image}`));
}

/** Waits for the end of a source, and checks that it is one request with one image from one PUT. */
export async function expectOneImage(
  test: TestWorld,
  source: string,
  image: string,
): Promise<void> {
  const status = await test.status(source);
  expect(status).toMatchObject({ state: "succeeded", error: null });
  expect(status.image?.id).toMatch(new RegExp(`/images/${image}$`));
  expect(await test.statuses(source)).toHaveLength(1);
  expect(listPuts(test, image)).toHaveLength(1);
}

/**
 * Delivers events of created blobs as Event Grid does, in one request: with the given ETag, or those
 * that the blobs have now.
 */
export async function postEvents(
  test: TestWorld,
  names: readonly string[],
  eTag?: string,
): Promise<void> {
  const { url, masterKey } = test.world.functions;
  const events = await Promise.all(
    names.map(async (name) => ({
      eventType: "Microsoft.Storage.BlobCreated",
      subject: `/blobServices/default/containers/uploads/blobs/${name}`,
      data: {
        api: "PutBlob",
        blobType: name.endsWith(".vhd") ? "PageBlob" : "BlockBlob",
        eTag: eTag ?? (await readETag(test, name)),
        url: test.uploads.getBlobClient(name).url,
      },
    })),
  );
  const route = `${url}/runtime/webhooks/blobs?functionName=Host.Functions.ingest`;
  const answer = await fetch(route, {
    method: "POST",
    headers: { "x-functions-key": masterKey, "aeg-event-type": "Notification" },
    body: JSON.stringify(events),
  });
  if (answer.status !== 202) throw new Error(`the webhook answered ${answer.status}`);
}

/** The ETag of a blob; some other one when it is not there. */
async function readETag(test: TestWorld, name: string): Promise<string> {
  const blob = test.uploads.getBlobClient(name);
  const { etag } = (await blob.exists()) ? await blob.getProperties() : {};
  return etag ?? '"0x8DC000000000000"';
}

/**
 * Uploads a VHD page by page with a pause before each, shorter than the settling time; the last page
 * again and again until `isSeen` holds. Returns when the last request of the upload was sent, in
 * milliseconds since 1970.
 */
export async function putVhdSlowly(
  test: TestWorld,
  name: string,
  metadata: Record<string, string>,
  isSeen: () => boolean = () => true,
): Promise<number> {
  const identity = {
    uuid: "11111111-2222-4333-8444-666666666666",
    createdAt: new Date("2026-01-01T00:00:00Z"),
  };
  const image = buildSampleVhd("linux-gen2", { ...identity, virtualSizeBytes: 512 * MIB });
  const content = imageContent(image);
  const blob = test.uploads.getPageBlobClient(name);
  const read = async (offset: number, count: number): Promise<Uint8Array> => {
    const bytes = await content.reader.read(offset, count);
    await sleep(PAUSE_MILLISECONDS);
    const isLast = offset + count === content.sizeBytes;
    while (isLast && !isSeen()) {
      await blob.uploadPages(Buffer.from(bytes), offset, count);
      await sleep(PAUSE_MILLISECONDS);
    }
    return bytes;
  };
  await putPageBlob(blob, { ...content, reader: { read } }, { metadata, concurrency: 1 });
  return Date.now();
}

/** The queue of work messages in the hands of somebody who is not the app. */
export class WorkQueue {
  readonly #queue: QueueClient;

  constructor(test: TestWorld) {
    this.#queue = new QueueClient(test.world.connectionString, "image-work");
  }

  /** Sends all messages at the same time; `step` undefined: whichever is next. */
  async send(messages: readonly { requestId: string; step: number | undefined }[]): Promise<void> {
    await Promise.all(
      messages.map((message) => {
        const json = JSON.stringify(message);
        return this.#queue.sendMessage(Buffer.from(json).toString("base64"));
      }),
    );
  }

  /** Receives what is visible, for a second; whether a message of the request is among it. */
  async snatch(requestId: string): Promise<boolean> {
    const { receivedMessageItems } = await this.#queue.receiveMessages({
      numberOfMessages: 32,
      visibilityTimeout: 1,
    });
    return receivedMessageItems.some(({ messageText }) =>
      Buffer.from(messageText, "base64").toString("utf8").includes(requestId),
    );
  }
}
