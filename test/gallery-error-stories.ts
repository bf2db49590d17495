import {
  GALLERY_ERROR_NAMES,
  GALLERY_ERRORS,
  type GalleryError,
  type GalleryErrorName,
} from "../local/arm-simulator/control/gallery-errors.ts";
import { FEW_ATTEMPTS } from "../shared/service-errors/service-errors.ts";
import { EXPECTED_GALLERY_ERRORS } from "./expected-gallery-errors.ts";

/** One upload that is to be published as version 1.0.0, what goes wrong on its way, and how it ends. */
export interface GalleryErrorStory {
  /** The error that it is about. */
  readonly name: GalleryErrorName;
  readonly title: string;
  /** In the order in which the simulator gets them. */
  readonly faults: readonly { readonly galleryError: GalleryErrorName; readonly count: number }[];
  /** When they are ordered: before the upload, or once Azure is at work. */
  readonly from: "upload" | "creating";
  /** The upload becomes a managed image instead. */
  readonly kind: "galleryVersion" | "managedImage";
  /** Whether the definition exists beforehand. */
  readonly isDefined: boolean;
  readonly end: StoryEnd;
}

/** How a story ends: the request's state, what has been left in Azure, and the answers that led there. */
export interface StoryEnd {
  readonly state: "succeeded" | "failed";
  /** Whether the status has the output's resource id: something of that id has been made. */
  readonly hasId: boolean;
  /** Statuses of the PUTs of the output itself. */
  readonly puts: readonly number[];
  readonly deletes: readonly number[];
  /** Statuses of the PUTs of the definition. */
  readonly definitionPuts: readonly number[];
}

/** A version whose operation fails is requested so often. */
const MAX_PUTS = 3;
/** More than any number of tries. */
const ALWAYS = 99;

const errorOf = (name: GalleryErrorName): GalleryError => GALLERY_ERRORS[name];
const retryOf = (name: GalleryErrorName) => EXPECTED_GALLERY_ERRORS[name][0];
const times = (count: number, status: number): readonly number[] =>
  Array.from({ length: count }, () => status);
const NOTHING = { hasId: false, puts: [], deletes: [], definitionPuts: [] } as const;
const USUAL = { from: "upload", kind: "galleryVersion", isDefined: true } as const;

function story(
  name: GalleryErrorName,
  title: string,
  count: number,
  end: Partial<StoryEnd> & Pick<StoryEnd, "state">,
): GalleryErrorStory {
  const faults = [{ galleryError: name, count }];
  return { ...USUAL, name, title, faults, end: { ...NOTHING, ...end } };
}

/** An error that answers the PUT of a version. */
function tellRefusal(name: GalleryErrorName, status: number): readonly GalleryErrorStory[] {
  const retry = retryOf(name);
  const once = { state: "failed", puts: [status] } as const;
  if (retry === "never") return [story(name, "ends the request, after one PUT", ALWAYS, once)];
  // One that names a time to wait is given once: tests with a real clock wait for it.
  const { retryAfter } = errorOf(name) as { retryAfter?: number };
  const count = retryAfter === undefined ? 2 : 1;
  const puts = [...times(count, status), 201];
  const passed = { state: "succeeded", hasId: true, puts } as const;
  const passes = story(name, "is followed by the same PUT until it succeeds", count, passed);
  if (retry === "later") return [passes];
  const last = { state: "failed", puts: times(FEW_ATTEMPTS, status) } as const;
  return [passes, story(name, "ends the request after a few tries", ALWAYS, last)];
}

/** An error that ends the operation of a version which Azure had accepted. */
function tellFailure(name: GalleryErrorName): readonly GalleryErrorStory[] {
  const failed = { state: "failed", hasId: true } as const;
  if (retryOf(name) === "never") {
    const once = { ...failed, puts: [201] };
    return [story(name, "ends the request, and the failed version is left", ALWAYS, once)];
  }
  const again = { hasId: true, puts: [201, 201], deletes: [202] };
  const last = { ...failed, puts: times(MAX_PUTS, 201), deletes: times(MAX_PUTS - 1, 202) };
  return [
    story(name, "is followed by a DELETE and a PUT of the same number", 1, {
      ...again,
      state: "succeeded",
    }),
    story(name, "ends the request after three PUTs", ALWAYS, last),
  ];
}

/** The errors that answer another call than the PUT of a version. */
const OTHER_CALLS: readonly GalleryErrorStory[] = [
  {
    ...story("DiskControllerTypesOrder", "ends the request: the definition is put once", ALWAYS, {
      state: "failed",
      definitionPuts: [409],
    }),
    isDefined: false,
  },
  {
    ...story("NotInRegionYet", "is a version that is looked for again", 3, {
      state: "succeeded",
      hasId: true,
      puts: [201],
    }),
    from: "creating",
  },
  {
    ...story("NestedResources", "is a deletion that is requested again", 2, {
      state: "succeeded",
      hasId: true,
      puts: [201, 201],
      deletes: [409, 409, 202],
    }),
    faults: [
      { galleryError: "InvalidBeginGetAccess", count: 1 },
      { galleryError: "NestedResources", count: 2 },
    ],
  },
  {
    ...story("DeletionBlocked", "ends the request, and the failed version is left", ALWAYS, {
      state: "failed",
      puts: [201],
      deletes: [409],
    }),
    faults: [
      { galleryError: "InvalidBeginGetAccess", count: 1 },
      { galleryError: "DeletionBlocked", count: ALWAYS },
    ],
  },
  {
    ...story("Arm64ManagedImage", "ends the request, after one PUT", ALWAYS, {
      state: "failed",
      puts: [409],
    }),
    kind: "managedImage",
  },
];

const otherNames = OTHER_CALLS.map(({ name }) => name);

/**
 * Every error that galleries are known to give, on the ways it can take in the app: the stages run them
 * with a fake clock in `test/contract`, the built app in `test/full`.
 */
export const GALLERY_ERROR_STORIES: readonly GalleryErrorStory[] = [
  ...GALLERY_ERROR_NAMES.filter((name) => !otherNames.includes(name)).flatMap((name) => {
    const error = errorOf(name);
    return "status" in error ? tellRefusal(name, error.status) : tellFailure(name);
  }),
  ...OTHER_CALLS,
];

/** What the error of a story that fails looks like: the service's own code and words. */
export function expectedErrorOf({ name }: GalleryErrorStory) {
  const { code, message } = errorOf(name).error;
  return { code, message, retryable: retryOf(name) !== "never" };
}

/** A fix as the table of expectations writes it, which names another definition and version. */
export function toExpectedFix(fix: string | null | undefined, definition: string): string {
  return (fix ?? "")
    .replaceAll("1.0.0", "1.4.0")
    .replaceAll(`'${definition}'`, "'ubuntu'")
    .replaceAll(`/images/${definition}/`, "/images/ubuntu/");
}
