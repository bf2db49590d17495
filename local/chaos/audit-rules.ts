import { findStrayTargets, findWrongContents } from "./audit-conversions.ts";
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
import {
  findMissingVersions,
  findRepeatedVersionPuts,
  findSharedNumbers,
  findStrayVersions,
  findTouchedForeign,
} from "./audit-versions.ts";
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
    name: "missingVersions",
    meaning: "successes without the planned image version",
    find: findMissingVersions,
  },
  {
    name: "strayVersions",
    meaning: "image versions without a request",
    find: findStrayVersions,
  },
  {
    name: "repeatedVersionPuts",
    meaning: "effective PUTs beyond one per image version",
    find: findRepeatedVersionPuts,
  },
  { name: "sharedNumbers", meaning: "version numbers used twice", find: findSharedNumbers },
  {
    name: "touchedForeign",
    meaning: "versions of somebody else that were touched",
    find: findTouchedForeign,
  },
  {
    name: "wrongContents",
    meaning: "converted disks with different content",
    find: findWrongContents,
  },
  {
    name: "strayTargets",
    meaning: "converted disks without a request",
    find: findStrayTargets,
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
