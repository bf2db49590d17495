import type { BlobStore } from "../ports.ts";
import type { DiskProgress } from "../record/record.ts";

/**
 * The blobs, with those that the disks are yet to be converted to: a plan looks at the outputs as the
 * app will when the conversions are done. Each shows what its source has.
 */
export function withTargets(blobs: BlobStore, disks: readonly DiskProgress[]): BlobStore {
  const unmade = disks.flatMap(({ conversion, ref }) =>
    conversion === null || conversion.isDone || ref === null ? [] : [{ to: conversion.to, ref }],
  );
  return {
    ...blobs,
    getProperties(asked) {
      const target = unmade.find(
        ({ to }) => to.container === asked.container && to.name === asked.name,
      );
      return blobs.getProperties(target?.ref ?? asked);
    },
  };
}
