import { DISK_EXTENSIONS, diskFileOf } from "./disk-files.ts";
import { fileArgument, quoteForPowerShell, quoteForShell } from "./shell-words.ts";

/** File systems take 255 bytes for a name; what is put behind it has to fit too. */
const MAX_STEM = 60;
const PLACEHOLDER = /\{([A-Z_]+)\}/g;

/**
 * A fix with the real names in its commands, quoted for the shell: of the file, as it is called by
 * whoever reads the fix, and of the files that the commands make beside it.
 */
export function nameFix(fix: string, file: string): string {
  const target = targetOf(file);
  const words: Readonly<Record<string, string>> = {
    FILE: shellWord(file),
    RAW: shellWord(`${shortStem(file)}-disk.raw`),
    TARGET: shellWord(target),
    UNPACKED: shellWord(unpackedOf(file)),
    BLOB: `${stemOf(baseOf(file))}.vhd`,
    VPC_FILE: quoteForShell(
      `driver=vpc,force_size_calc=current_size,file.driver=file,file.filename=${file.replaceAll(",", ",,")}`,
    ),
    PS_FILE: quoteForPowerShell(file),
    PS_TARGET: quoteForPowerShell(target),
  };
  return fix.replace(PLACEHOLDER, (whole, key: string) => words[key] ?? whole);
}

function shellWord(name: string): string {
  return quoteForShell(fileArgument(name));
}

/** A name that is not the file's own. */
function targetOf(file: string): string {
  return file.toLowerCase().endsWith(".vhd")
    ? `${shortStem(file)}-fixed.vhd`
    : `${shortStem(file)}.vhd`;
}

function unpackedOf(file: string): string {
  const wrapper = diskFileOf(file);
  const inner = wrapper === null ? "" : file.slice(0, -wrapper.extension.length);
  const isDisk = DISK_EXTENSIONS.some((extension) => inner.toLowerCase().endsWith(extension));
  return isDisk && wrapper?.isConvertible === false ? inner : `${shortStem(file)}-unpacked.vhd`;
}

/** The name without the extensions of disk files, in its folder. */
function stemOf(file: string): string {
  const base = baseOf(file).toLowerCase();
  const extension = DISK_EXTENSIONS.find((end) => base.length > end.length && base.endsWith(end));
  return extension === undefined ? file : stemOf(file.slice(0, -extension.length));
}

function shortStem(file: string): string {
  const stem = stemOf(file);
  const base = baseOf(stem);
  return stem.slice(0, stem.length - base.length) + [...base].slice(0, MAX_STEM).join("");
}

function baseOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
