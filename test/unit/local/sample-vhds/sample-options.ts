import { GIB, type SampleOptions } from "../../../../local/sample-vhds/index.ts";

/** Size, identity and time that the tests give every sample unless they are about these. */
export const OPTIONS: SampleOptions = {
  virtualSizeBytes: 4 * GIB,
  uuid: "01234567-89ab-4cde-8f01-23456789abcd",
  createdAt: new Date("2026-03-04T05:06:08Z"),
};
