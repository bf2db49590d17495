import { createBlobLocator } from "../../../../shared/image/blob-uri.ts";
import { decideImage, withDecision } from "../../../../shared/image/decide-image.ts";
import type { ImageDefaults } from "../../../../shared/image/defaults.ts";
import { toImageBody, type WireBody } from "../../../../shared/image/image-body.ts";
import type { ImageDraft } from "../../../../shared/image/image-request.ts";
import { formatPath } from "../../../../shared/manifest/problem.ts";
import { type ManifestReading, readManifest } from "../../../../shared/manifest/read-manifest.ts";
import { ACCOUNT_URL, CONTAINER, makeDefaults } from "../../../factories.ts";

/** What a test reads a manifest with, where it differs from the usual. */
export interface ReadingOptions {
  readonly name?: string;
  readonly defaults?: Partial<ImageDefaults>;
}

/** Reads a manifest, given as text or as a value. */
export function read(manifest: unknown, options: ReadingOptions = {}): ManifestReading {
  const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest, null, 2);
  return readManifest(text, {
    name: options.name ?? "web.json",
    defaults: makeDefaults(options.defaults),
    locator: createBlobLocator(ACCOUNT_URL, CONTAINER),
  });
}

/** The request of a manifest that must be right. */
export function readRequest(manifest: unknown, options: ReadingOptions = {}): ImageDraft {
  const reading = read(manifest, options);
  if (!reading.ok) throw new Error(`refused: ${problemsOf(reading).join("\n")}`);
  return reading.request;
}

/** The PUT body that a manifest becomes when nothing is known of the disk. */
export function readBody(manifest: unknown, options: ReadingOptions = {}): WireBody {
  const request = readRequest(manifest, options);
  const { decided } = decideImage({
    given: {
      osType: request.osDisk?.osType ?? null,
      hyperVGeneration: request.hyperVGeneration ?? null,
    },
    isMachine: request.sourceVirtualMachine !== undefined,
    finding: null,
    mode: "enforce",
    defaults: makeDefaults(options.defaults),
    howToSet: { osType: "", hyperVGeneration: "" },
  });
  return toImageBody(withDecision(request, decided));
}

/** The problems of a manifest that must be wrong, as `path message`. */
export function readProblems(manifest: unknown, options: ReadingOptions = {}): string[] {
  return problemsOf(read(manifest, options));
}

/** The same, as `line:column path message`. */
export function readPlaces(text: string, options: ReadingOptions = {}): string[] {
  const reading = read(text, options);
  return problemsOf(reading).map((problem, index) => {
    const place = reading.ok ? undefined : reading.problems[index];
    return `${place?.line}:${place?.column} ${problem}`;
  });
}

function problemsOf(reading: ManifestReading): string[] {
  if (reading.ok) return [];
  return reading.problems.map(({ path, message }) => `${formatPath(path)} ${message}`);
}
