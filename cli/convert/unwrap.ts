import { open, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { hasBytesAt } from "../../shared/disk/bytes.ts";
import { RefusedDiskError } from "../../shared/disk/maps/refusal.ts";
import { ConvertError, explainFileError } from "./convert-error.ts";
import type { InputFile } from "./open-input.ts";
import { writeSparse } from "./sparse-writer.ts";

interface Wrapper {
  readonly name: string;
  readonly mark: readonly number[];
  readonly unpack: (packed: Readable) => Promise<AsyncIterable<Uint8Array>>;
}

/** What wraps a file as a whole; by its first bytes. */
const WRAPPERS: readonly Wrapper[] = [
  {
    name: "gzip",
    mark: [0x1f, 0x8b, 8],
    unpack: async (packed) => pipe(packed, createGunzip()),
  },
  {
    name: "zstd",
    mark: [0x28, 0xb5, 0x2f, 0xfd],
    unpack: async (packed) => pipe(packed, createZstdDecompress()),
  },
  {
    name: "xz",
    mark: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    async unpack(packed) {
      const { default: xz } = await import("xz-decompress");
      return Readable.fromWeb(new xz.XzReadableStream(Readable.toWeb(packed) as never) as never);
    },
  },
];
const LONGEST_MARK = 6;

/** The name of what wraps a file; null for a file that is not packed. */
export async function findWrapper(input: InputFile): Promise<string | null> {
  return (await matchWrapper(input))?.name ?? null;
}

/**
 * Unpacks a wrapped file to a new file, zeros left out. `onProgress` is given the packed bytes so far.
 * @throws RefusedDiskError when the file is damaged, ConvertError when the new one cannot be written.
 */
export async function unwrapTo(
  input: InputFile,
  path: string,
  onProgress: (packedBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const wrapper = await matchWrapper(input);
  if (wrapper === undefined) throw new ConvertError(`${input.path} is not packed.`);
  const target = await open(path, "wx", 0o600).catch((cause: unknown) => {
    throw explainFileError("written", path, cause);
  });
  try {
    let length = 0;
    let packedBytes = 0;
    const packed = input.file.createReadStream({ start: 0, autoClose: false });
    packed.on("data", (chunk) => {
      packedBytes += chunk.length;
    });
    packed.pause();
    const unpacked = (await wrapper.unpack(packed))[Symbol.asyncIterator]();
    for (;;) {
      signal.throwIfAborted();
      const next = await unpacked.next().catch((cause: unknown) => refusePacked(wrapper, cause));
      if (next.done) break;
      await writeSparse(target, next.value, length).catch((cause: unknown) => {
        throw explainFileError("written", path, cause);
      });
      length += next.value.length;
      onProgress(packedBytes);
    }
    await target.truncate(length);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await target.close();
  }
}

async function matchWrapper({ reader }: InputFile): Promise<Wrapper | undefined> {
  const head = await reader.read(0, LONGEST_MARK);
  return WRAPPERS.find(({ mark }) => hasBytesAt(head, 0, mark));
}

function pipe(packed: Readable, transform: NodeJS.ReadWriteStream & AsyncIterable<unknown>) {
  packed.on("error", (error) => transform.emit("error", error));
  return packed.pipe(transform) as unknown as AsyncIterable<Uint8Array>;
}

function refusePacked({ name }: Wrapper, cause: unknown): never {
  const detail = cause instanceof Error ? cause.message : String(cause);
  throw new RefusedDiskError({
    reason: "damaged",
    message: `is a ${name} file that cannot be unpacked: ${detail}`,
    offset: null,
    fix: "The file is damaged or incomplete. Compare it with the original, and transfer it again.",
  });
}
