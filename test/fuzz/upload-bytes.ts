import { CONTAINER, type FakeApp } from "../fakes/app.ts";

/** Uploads bytes as they are under a name, and delivers the event. */
export async function uploadBytes(app: FakeApp, name: string, bytes: Uint8Array): Promise<void> {
  const ref = { container: CONTAINER, name };
  app.blobs.putText(ref, " ".repeat(bytes.length));
  app.blobs.putPages(ref, 0, bytes);
  await app.event(name);
}
