/**
 * The api-versions of the service, oldest first: those of the official schemas since 2017-03-30
 * (https://github.com/Azure/azure-rest-api-specs). Each part of Compute has dates of its own.
 */

const list = (...lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.split(" "));

/** Images and virtual machines. */
export const COMPUTE_VERSIONS = list(
  "2017-03-30 2017-12-01 2018-04-01 2018-06-01 2018-10-01 2019-03-01 2019-07-01 2019-12-01",
  "2020-06-01 2020-12-01 2021-03-01 2021-04-01 2021-07-01 2021-11-01 2022-03-01 2022-08-01",
  "2022-11-01 2023-03-01 2023-07-01 2023-09-01 2024-03-01 2024-07-01 2024-11-01 2025-04-01",
  "2025-11-01 2026-04-01",
);

/** Managed disks and snapshots. */
export const DISK_VERSIONS = list(
  "2017-03-30 2018-04-01 2018-06-01 2018-09-30 2019-03-01 2019-07-01 2019-11-01 2020-05-01",
  "2020-06-30 2020-09-30 2020-12-01 2021-04-01 2021-08-01 2021-12-01 2022-03-02 2022-07-02",
  "2023-01-02 2023-04-02 2023-10-02 2024-03-02 2025-01-02 2026-03-02",
);

/** Galleries, definitions and versions. */
export const GALLERY_VERSIONS = list(
  "2018-06-01 2019-03-01 2019-07-01 2019-12-01 2020-09-30 2021-07-01 2021-10-01 2022-01-03",
  "2022-03-03 2022-08-03 2023-07-03 2024-03-03 2025-03-03 2025-12-03",
);

/** Where those of versions that were deleted softly begin. */
export const SOFT_DELETE_SINCE = "2024-03-03";

/** The versions of all of them that an operation is followed with: that of the request that began it. */
export const OPERATION_VERSIONS = [...new Set([...COMPUTE_VERSIONS, ...DISK_VERSIONS])].sort();
