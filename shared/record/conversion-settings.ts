import type { ConvertMode } from "../vocabulary.ts";

/** What may be converted, where to, and how long the result is kept. */
export interface ConversionSettings {
  /** For requests that do not say. */
  readonly mode: ConvertMode;
  readonly container: string;
  /** The most bytes of disks, zeros included, that one request converts. */
  readonly maxBytes: number;
  /** The most bytes of data that all requests of a day (UTC) convert. */
  readonly maxBytesPerDay: number;
  /** How long a converted disk is kept once no request needs it; 0: without end. */
  readonly keepSeconds: number;
}
