/** A limit on the requests of a subscription; named as `x-ms-ratelimit-remaining-resource` does. */
export interface ComputeLimit {
  readonly policy: string;
  readonly per3Minutes: number;
  readonly per30Minutes: number;
}

/** A limit, and the methods and paths it is for. */
interface LimitRule extends ComputeLimit {
  readonly methods: readonly string[];
  readonly path: RegExp;
}

const WRITES = ["PUT", "PATCH"];

const rule = (
  methods: readonly string[],
  path: RegExp,
  policy: string,
  per3Minutes: number,
  per30Minutes: number,
): LimitRule => ({ methods, path, policy, per3Minutes, per30Minutes });

const IMAGES = /\/providers\/Microsoft\.Compute\/images\b/i;
const VERSIONS = /\/galleries\/[^/]+\/images\/[^/]+\/versions\b/i;
const DEFINITIONS = /\/galleries\/[^/]+\/images(\/[^/]+)?$/i;

/** Those of galleries are from azure-cli's recordings of 2024 to 2026. */
const RULES: readonly LimitRule[] = [
  rule(["GET"], IMAGES, "GetImages", 360, 1800),
  rule(["DELETE"], IMAGES, "DeleteImages", 40, 200),
  rule(WRITES, IMAGES, "CreateImages", 40, 200),
  rule(["GET"], VERSIONS, "GetGalleryImageVersion", 2000, 10_000),
  rule(["DELETE"], VERSIONS, "DeleteGalleryImageVersion", 150, 1000),
  rule(WRITES, VERSIONS, "CreateUpdateGalleryImageVersion", 375, 1200),
  rule(["GET"], DEFINITIONS, "GetGalleryImage", 600, 3000),
  rule(WRITES, DEFINITIONS, "CreateUpdateGalleryImage", 150, 750),
  rule(["GET"], /\/capsOperations\//i, "GetOperationStatus", 5000, 15_000),
];

/** Returns Compute's own limit on a request, if it is known. */
export function findComputeLimit(method: string, { pathname }: URL): ComputeLimit | undefined {
  return RULES.find(({ methods, path }) => methods.includes(method) && path.test(pathname));
}
