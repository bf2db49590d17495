import fc from "fast-check";
import type { DiskContent } from "../../cli/upload/index.ts";
import { imageContent } from "../../local/disk-upload/index.ts";
import { buildTar } from "../disks/maps/build-two-level-formats.ts";
import { TEST_FORMATS } from "../disks/maps/formats.ts";
import { blobNameCases } from "./blob-names.ts";
import { damagedFile, mapCases } from "./disk-maps.ts";
import { footerCases } from "./footers.ts";
import { manifestBytes } from "./manifest-cases.ts";
import { damagedImage, diskCases } from "./partition-tables.ts";
import { redactionCases } from "./redaction.ts";

/** A hostile blob. */
export interface HostileUpload {
  readonly name: string;
  readonly content: Uint8Array | DiskContent;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface Sampling {
  /** Cases of each target. */
  readonly count: number;
  readonly seed: number;
}

/** Pages are uploaded up to this length; the lengths at which numbers break are for the fakes. */
const MAX_PAGES = 4 * 2 ** 30;
const FOOTER_BYTES = 512;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Uploads by the names of the fuzz targets that know them: cases of each as blobs. */
export async function sampleUploads(
  sampling: Sampling,
): Promise<Readonly<Record<string, readonly HostileUpload[]>>> {
  const draw = <T>(cases: fc.Arbitrary<T>, share = 1): T[] =>
    fc.sample(cases, { numRuns: Math.ceil(sampling.count * share), seed: sampling.seed });
  const files = await Promise.all(
    TEST_FORMATS.map(async (format) => {
      // Generators begin with the smallest cases, which cut the whole file off.
      const damaged = await Promise.all(
        draw(mapCases, 0.2).map((one, index) =>
          damagedFile(format, index % 2 === 0 ? { ...one, cut: null } : one),
        ),
      );
      const uploads = damaged.map(({ extension, bytes }, index) => ({
        name: `file-${format.name.replaceAll(" ", "-")}-${index}.${extension}`,
        content: bytes,
      }));
      return [format.name, uploads] as const;
    }),
  );
  const disks = Object.fromEntries(files);
  return {
    manifests: draw(manifestBytes).map((content, index) => ({
      name: `manifest-${index}.json`,
      content,
    })),
    // The emulator takes control characters, which the service refuses, and then cannot list the container.
    "blob names": draw(blobNameCases, 2)
      .filter((name) => !/\p{Cc}/u.test(name))
      .map((name) => ({ name, content: encode("{}") })),
    footers: draw(footerCases, 0.5).flatMap(([footer, length], index) => {
      const content = endWith(footer, length);
      return content === null ? [] : [{ name: `footer-${index}.vhd`, content }];
    }),
    "partition tables": draw(diskCases, 0.1).map((one, index) => ({
      name: `table-${index}.vhd`,
      content: imageContent(damagedImage({ ...one, length: null })),
      metadata: { ostype: "Linux" },
    })),
    ...disks,
    "OVA files": Object.values(disks).flatMap(([first]) =>
      first === undefined
        ? []
        : [
            {
              name: `${first.name}.ova`,
              content: buildTar({ "web.ovf": encode("<x/>"), "web-disk1": first.content }),
            },
          ],
    ),
    redaction: draw(redactionCases).flatMap(([before, secret, after], index) => {
      const text = `${before} ${secret} ${after}`;
      const metadata = { imagename: encodeURIComponent(text.toWellFormed()).slice(0, 1_000) };
      return [
        { name: `secret-${index}.json`, content: encode(JSON.stringify({ [text]: [text] })) },
        { name: `secret-text-${index}.json`, content: encode(text) },
        { name: `secret-${index}.img`, content: encode(text), metadata },
      ];
    }),
  };
}

/** Pages of a length that end with a footer; null for a length that no test uploads. */
function endWith(footer: Uint8Array, length: number): DiskContent | null {
  const whole = length - (length % FOOTER_BYTES);
  if (whole < FOOTER_BYTES || whole > MAX_PAGES) return null;
  const bytes = new Uint8Array(FOOTER_BYTES);
  bytes.set(footer.subarray(0, FOOTER_BYTES));
  return imageContent({
    sizeBytes: whole,
    extents: [{ offset: whole - FOOTER_BYTES, bytes }],
  });
}
