import { MIB, toNumber } from "../bytes.ts";
import type { DiskProblem } from "../finding.ts";
import { convertWithoutFooter, convertWithQemu, lines, nextWholeMib } from "./fix-commands.ts";
import { FOOTER_BYTES, type FooterReading } from "./footer.ts";

/** What is known of a VHD before the service is asked: all of it from properties and one read. */
export interface VhdFacts {
  /** Length of the blob in bytes. */
  readonly length: number;
  readonly footer: FooterReading;
  /** Footers in a row before the last one: the file was taken for a raw disk, and got another. */
  readonly innerFooters?: number;
}

/** One requirement of the service. */
export interface VhdRule {
  /** Error code of the request's failure. */
  readonly code: DiskProblem["code"];
  /** Why, with the source. */
  readonly why: string;
  /** What is wrong in one sentence, or null when the rule holds. */
  readonly problem: (facts: VhdFacts) => string | null;
  /** What to do about it. */
  readonly fix: (facts: VhdFacts) => string;
}

const HYPER_V = "Or on Windows:";
const CONVERT_VHD = "Convert-VHD -Path {PS_FILE} -DestinationPath {PS_TARGET} -VHDType Fixed";

/**
 * Requirements in the order in which they are checked; each relies on the ones before it.
 * https://learn.microsoft.com/azure/virtual-machines/windows/prepare-for-upload-vhd-image
 */
export const VHD_RULES: readonly VhdRule[] = [
  {
    code: "InvalidVhd",
    why: "A VHD ends with a footer that begins with the cookie 'conectix'.",
    problem: ({ footer }) =>
      footer.kind === "footer"
        ? null
        : "has no VHD footer: its last 512 bytes do not begin with the cookie 'conectix'",
    fix: ({ length }) =>
      lines("Renaming a file does not make it a VHD.", convertWithQemu("raw", length)),
  },
  {
    code: "InvalidVhd",
    why: "The footer carries a checksum of itself.",
    problem: ({ footer }) =>
      footer.kind === "footer" && !footer.checksumMatches
        ? "has a VHD footer whose checksum does not match its content"
        : null,
    fix: (facts) =>
      lines(
        "The file is damaged or was stitched together from parts. Upload it again; if that does not help:",
        isFlat(facts) ? cutFooters(facts) : convertVhd(facts),
      ),
  },
  {
    code: "InvalidVhd",
    why: "Azure accepts only fixed VHDs, not dynamic or differencing ones.",
    problem: ({ footer }) =>
      footer.kind === "footer" && footer.diskType !== "fixed"
        ? `is a ${footer.diskType ?? "VHD of an unknown type, not a fixed"} VHD; only fixed VHDs can become images`
        : null,
    fix: (facts) =>
      isFlat(facts)
        ? cutFooters(facts)
        : facts.footer.kind === "footer" && facts.footer.diskType === "differencing"
          ? "Merge it into its parent (Merge-VHD in PowerShell on Windows), and upload the parent as a fixed VHD."
          : convertVhd(facts),
  },
  {
    code: "VHDSizeInvalid",
    why: "A fixed VHD is the disk followed by its footer.",
    problem: ({ footer, length }) => {
      if (footer.kind !== "footer") return null;
      const expected = footer.virtualSize + BigInt(FOOTER_BYTES);
      if (BigInt(length) === expected) return null;
      return `is ${length} bytes long, but its footer describes a disk of ${footer.virtualSize} bytes, which is ${expected} bytes with the footer: ${describeDifference(BigInt(length) - expected)}`;
    },
    fix: (facts) => {
      const { footer, length } = facts;
      const isShort =
        footer.kind === "footer" && BigInt(length) < footer.virtualSize + BigInt(FOOTER_BYTES);
      const again = "Upload the whole file again, and compare its length with the original's.";
      return isShort ? again : lines(`${again} If the lengths are equal:`, cutFooters(facts));
    },
  },
  {
    code: "VHDSizeInvalid",
    why: "A disk has at least one MiB.",
    problem: ({ footer }) =>
      footer.kind === "footer" && footer.virtualSize === 0n
        ? "has a virtual size of 0 bytes: it is a footer without a disk"
        : null,
    fix: () => "Make the VHD again from the disk that it is to hold, and upload it as a page blob.",
  },
  {
    code: "VHDSizeInvalid",
    why: "The virtual size must be a multiple of 1 MiB.",
    problem: ({ footer, innerFooters = 0 }) =>
      footer.kind === "footer" && footer.virtualSize % BigInt(MIB) !== 0n
        ? `has a virtual size of ${footer.virtualSize} bytes, which is not a multiple of 1 MiB${innerFooters > 0 ? `, because it ends with ${innerFooters === 1 ? "another VHD footer" : `${innerFooters} other VHD footers`}: the file already was a VHD when it was converted to one` : ""}; the next valid size is ${nextWholeMib(Number(footer.virtualSize))} bytes`
        : null,
    fix: cutFooters,
  },
];

/** The first requirement that a VHD does not meet, in words; null when it meets all. */
export function findVhdProblem(facts: VhdFacts): DiskProblem | null {
  for (const rule of VHD_RULES) {
    const message = rule.problem(facts);
    if (message !== null) return { code: rule.code, message, fix: rule.fix(facts) };
  }
  return null;
}

function describeDifference(bytes: bigint): string {
  return bytes < 0n ? `${-bytes} bytes are missing` : `${bytes} bytes are too many`;
}

/** Whether the bytes before the footer are the disk itself. */
function isFlat({ footer }: VhdFacts): boolean {
  return footer.kind === "footer" && (footer.diskType === "fixed" || footer.diskType === null);
}

function cutFooters({ length, innerFooters = 0 }: VhdFacts): string {
  return convertWithoutFooter(length - FOOTER_BYTES * (1 + innerFooters));
}

function convertVhd({ footer }: VhdFacts): string {
  const size = footer.kind === "footer" ? toNumber(footer.virtualSize) : Number.POSITIVE_INFINITY;
  const isWhole = Number.isFinite(size) && size % MIB === 0;
  const qemu = convertWithQemu("vpc", Number.isFinite(size) ? size : null);
  return isWhole ? lines(qemu, HYPER_V, CONVERT_VHD) : qemu;
}
