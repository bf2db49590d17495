import { basename } from "node:path";
import { openFileSource } from "../upload/index.ts";
import type { DemoRequest, DemoUpload } from "./plan.ts";

export type OwnVhdOptions = {
  readonly path: string;
  /** Null for what the disk itself says. */
  readonly osType: string | null;
  readonly generation: string | null;
};

/**
 * Returns request and upload for a VHD of the user, under the name of its file.
 *
 * @throws {UploadSourceError} if the file cannot be uploaded as a page blob.
 */
export async function planOwnVhd(
  options: OwnVhdOptions,
): Promise<{ request: DemoRequest; upload: DemoUpload }> {
  const source = await openFileSource(options.path); // now, so that a mistake shows at once
  const blob = `${basename(options.path).replace(/\.vhd$/i, "")}.vhd`;
  const metadata = {
    osstate: "Generalized",
    ...(options.osType !== null && { ostype: options.osType }),
    ...(options.generation !== null && { hypervgeneration: options.generation }),
  };
  return {
    request: { source: blob, title: "your VHD", expected: "succeeded" },
    upload: { blob, content: { kind: "vhd", open: async () => source, metadata } },
  };
}
