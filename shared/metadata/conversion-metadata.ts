import type { ErrorDetail } from "../errors.ts";
import { CONVERT_MODES, type ConvertMode } from "../vocabulary.ts";
import { type Metadata, readWord } from "./vhd-metadata.ts";

/** Whether the metadata allow to convert; null when they do not say it, or say it wrong. */
export function askedConversion(metadata: Metadata): ConvertMode | null {
  return readConversion(metadata, []);
}

/** The same, with a wrong value noted as a problem. */
export function readConversion(metadata: Metadata, problems: ErrorDetail[]): ConvertMode | null {
  return readWord(CONVERT_MODES)(metadata, "convert", problems);
}
