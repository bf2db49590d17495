/** Copies of the conversion that storage carries out before it is busy. */
const COPIES_BEFORE = 3;

/** The front of storage refused what the demo needs there. */
export class InterruptError extends Error {
  override readonly name = "InterruptError";
}

/**
 * Has storage answer once that it is busy while it converts an upload. The app resumes where it was; a
 * conversion as short as the demo's would show nothing between its beginning and its end otherwise.
 *
 * @param blobUrl address of the storage account
 * @throws {InterruptError} if the front refuses.
 */
export async function interruptConversion(blobUrl: string, source: string): Promise<void> {
  const answer = await fetch(`${new URL(blobUrl).origin}/_front/faults`, {
    method: "POST",
    body: JSON.stringify({ plan: [{ fault: "busy", source, after: COPIES_BEFORE }] }),
  });
  if (!answer.ok) {
    throw new InterruptError(
      `POST /_front/faults answered ${answer.status}: ${await answer.text()}`,
    );
  }
}
