import { ServiceError, type ServiceErrorParts } from "../../shared/errors.ts";
import { findDifferences } from "../../shared/image/compare-image.ts";
import { toImageBody, type WireBody } from "../../shared/image/image-body.ts";
import { type ImageRequest, imageId } from "../../shared/image/image-request.ts";
import type { FoundOutput, ImageService, OperationStatus } from "../../shared/ports.ts";

/** So many looks at an image find it still being made. */
const LOOKS_UNTIL_DONE = 4;

/** An image as the fake keeps it. */
export interface FakeImage {
  readonly id: string;
  readonly provisioningState: FoundOutput["state"];
  readonly body: WireBody;
}

type Reaction<T> = T | ServiceError;

/** The service in memory. It keeps what it was asked, and answers as the test has told it to. */
export interface FakeImageService extends ImageService {
  readonly puts: { id: string; body: WireBody }[];
  readonly polls: string[];
  /** Images that are there, by resource id in lower case. */
  readonly existing: Map<string, FakeImage>;
  /** Answers to the next calls, in order; after them all goes well. */
  readonly nextPuts: Reaction<"accept" | "acceptThenDrop">[];
  readonly nextGets: ServiceError[];
  readonly nextPolls: Reaction<OperationStatus>[];
}

export function createFakeImageService(): FakeImageService {
  const puts: FakeImageService["puts"] = [];
  const polls: string[] = [];
  const existing: FakeImageService["existing"] = new Map();
  const nextPuts: FakeImageService["nextPuts"] = [];
  const nextGets: FakeImageService["nextGets"] = [];
  const nextPolls: FakeImageService["nextPolls"] = [];
  const looks = new Map<string, number>();
  /** The service gets on with an image also when nobody asks for its operation. */
  const look = (key: string): FakeImage | null => {
    const image = existing.get(key) ?? null;
    const count = (looks.get(key) ?? 0) + 1;
    looks.set(key, count);
    if (image?.provisioningState !== "working" || count < LOOKS_UNTIL_DONE) return image;
    const done: FakeImage = { ...image, provisioningState: "succeeded" };
    existing.set(key, done);
    return done;
  };
  const accept = (request: ImageRequest): void => {
    const id = imageId(request);
    const body = toImageBody(request);
    puts.push({ id, body });
    existing.set(id.toLowerCase(), { id, provisioningState: "working", body });
  };
  return {
    puts,
    polls,
    existing,
    nextPuts,
    nextGets,
    nextPolls,
    async find(request) {
      const error = nextGets.shift();
      if (error !== undefined) throw error;
      const image = look(imageId(request).toLowerCase());
      return (
        image && {
          id: image.id,
          state: image.provisioningState,
          differences: findDifferences(toImageBody(request), image.body),
        }
      );
    },
    async create(request) {
      const reaction = nextPuts.shift() ?? "accept";
      if (reaction instanceof ServiceError) throw reaction;
      accept(request);
      if (reaction === "acceptThenDrop") throw serviceError({ status: null, code: "ECONNRESET" });
      return { operationUrl: `https://arm.test/operations/${puts.length}` };
    },
    async poll(target, operationUrl) {
      polls.push(operationUrl);
      const reaction = nextPolls.shift() ?? { status: "succeeded" };
      if (reaction instanceof ServiceError) throw reaction;
      const key = imageId(target).toLowerCase();
      const image = existing.get(key);
      if (reaction.status === "succeeded" && image !== undefined) {
        existing.set(key, { ...image, provisioningState: "succeeded" });
      }
      return reaction;
    },
  };
}

/** An error of the service with what the test cares about. */
export function serviceError(parts: Partial<ServiceErrorParts>): ServiceError {
  return new ServiceError({
    status: 500,
    code: "InternalServerError",
    message: "the service had a bad day",
    target: null,
    details: [],
    retryAfterSeconds: null,
    ...parts,
  });
}
