import { blobNames } from "./blob-names.ts";
import { diskMaps, ovaFiles } from "./disk-maps.ts";
import { keptFailures } from "./failures.ts";
import { footers } from "./footers.ts";
import { manifests } from "./manifests.ts";
import { partitionTables } from "./partition-tables.ts";
import { queryStrings } from "./query-strings.ts";
import { redaction } from "./redaction.ts";
import { serviceAnswers } from "./service-answers.ts";
import type { FuzzTarget } from "./target.ts";

/** Everything of the app that takes bytes of strangers. A new reader gets a target here. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  manifests,
  blobNames,
  footers,
  partitionTables,
  ...diskMaps,
  ovaFiles,
  queryStrings,
  serviceAnswers,
  redaction,
  keptFailures,
];
