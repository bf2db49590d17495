import {
  findEarlyPuts,
  findMissingImages,
  findRepeatedPuts,
  findStrayImages,
  findWrongBodies,
} from "./audit-images.ts";
import { findMissingEvents, findPoison, findStrayEvents, findWorkLeft } from "./audit-queues.ts";
import {
  findEnds,
  findLostUploads,
  findOpenRequests,
  findStrayRequests,
} from "./audit-requests.ts";
import type { Trial } from "./evidence.ts";

/** Something that must not be: every rule counts what breaks it. */
export type AuditRule = {
  /** Key in the report. */
  readonly name: string;
  readonly meaning: string;
  /** What breaks the rule, a line each. */
  readonly find: (trial: Trial) => readonly string[];
};

/** The promises of the app, as what has to be found zero times. */
export const AUDIT_RULES: readonly AuditRule[] = [
  { name: "lostUploads", meaning: "uploads without a request", find: findLostUploads },
  { name: "strayRequests", meaning: "requests without an upload", find: findStrayRequests },
  { name: "openRequests", meaning: "requests that have not ended", find: findOpenRequests },
  {
    name: "unexpectedEnds",
    meaning: "requests that ended in the wrong state",
    find: findEnds,
  },
  { name: "missingImages", meaning: "successes without an image", find: findMissingImages },
  { name: "wrongBodies", meaning: "images requested with a different body", find: findWrongBodies },
  {
    name: "earlyPuts",
    meaning: "images requested before the last page was written",
    find: findEarlyPuts,
  },
  { name: "strayImages", meaning: "images without a request", find: findStrayImages },
  {
    name: "repeatedPuts",
    meaning: "effective PUTs beyond one per request",
    find: findRepeatedPuts,
  },
  {
    name: "missingEvents",
    meaning: "state changes not on the status queue",
    find: findMissingEvents,
  },
  { name: "strayEvents", meaning: "events without a state change", find: findStrayEvents },
  { name: "workLeft", meaning: "unprocessed messages", find: findWorkLeft },
  { name: "unexplainedPoison", meaning: "poison without a failed request", find: findPoison },
];
