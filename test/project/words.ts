/** A phrase that documents and messages do without. */
export interface Phrase {
  /** What finds it, in any case. */
  readonly pattern: RegExp;
  /** What a native engineer writes in its place. */
  readonly instead: string;
  /** A text that the pattern finds, and one that it leaves alone. */
  readonly found: string;
  readonly fine: string;
}

/** The phrases, most frequent first. Every pattern has word boundaries, and no flag but `i`. */
export const PHRASES: readonly Phrase[] = [
  {
    pattern: /(?<!\bthere )\b(?:is|are) no (?!longer\b|more\b)[a-z]/i,
    instead: "is not a",
    found: "the file is no VHD",
    fine: "there is no key; the file is no longer open",
  },
  {
    pattern: /\bno such\b/i,
    instead: "does not exist",
    found: "there is no such blob",
    fine: "the blob does not exist",
  },
  {
    pattern: /\bfor ever\b/i,
    instead: "permanently",
    found: "a claim holds for ever",
    fine: "forever",
  },
  {
    pattern: /\btells? (?:of|no|nothing|the (?:system|generation)|it)\b/i,
    instead: "shows, reports",
    found: "the disk tells no system",
    fine: "the message tells the user what to do",
  },
  {
    pattern: /\b(?:is|are|was|were|been) told\b|\btold (?:at once|apart)\b/i,
    instead: "reported, distinguished",
    found: "mistakes are told at once",
    fine: "mistakes are reported together",
  },
  {
    pattern: /\basked for\b/i,
    instead: "requested",
    found: "the image was asked for",
    fine: "the image was requested",
  },
  {
    pattern: /\b(?:sets?|setting) [a-z ]{0,30}?\bgoing\b/i,
    instead: "starts, restarts",
    found: "sets going again what stands still",
    fine: "restarts stuck requests",
  },
  {
    pattern: /\bstands? still\b/i,
    instead: "is stuck",
    found: "the request stands still",
    fine: "the request is stuck",
  },
  {
    pattern: /\bstands? (?:here|there|beside|in the)\b/i,
    instead: "appears, is combined with",
    found: "the key stands here twice",
    fine: "the key appears twice",
  },
  {
    pattern: /\bbegun anew\b|\banew\b/i,
    instead: "again, restarted",
    found: "the upload is begun anew",
    fine: "the upload is restarted",
  },
  {
    pattern: /\bwished\b/i,
    instead: "requested",
    found: "the wished generation",
    fine: "the requested generation",
  },
  {
    pattern: /\b(?:given[- ]up|g[ia]ve[s]? (?:the|it|a) [a-z]* ?up)\b/i,
    instead: "failed too often, gave up",
    found: "messages that were given up",
    fine: "messages that failed too often",
  },
  {
    pattern: /\bas good as none\b/i,
    instead: "negligible",
    found: "the cost is as good as none",
    fine: "the cost is negligible",
  },
  {
    pattern: /\blooked (?:at|into)\b/i,
    instead: "checked",
    found: "the disk is looked at",
    fine: "the disk is checked",
  },
  {
    pattern: /\blooks? again\b/i,
    instead: "checks again",
    found: "it looks again later",
    fine: "it checks again later",
  },
  {
    pattern: /\b(?:is|are|was|were|be|been|being) (?:\w+ )?waited (?:for|out)\b/i,
    instead: "the app waits for",
    found: "blobs that are waited for",
    fine: "blobs that the app waits for, or waited for",
  },
  {
    pattern: /\bto (?:its|their) end\b/i,
    instead: "until it is complete",
    found: "the upload did not come to its end",
    fine: "the upload is incomplete",
  },
  {
    pattern: /\bpointless\b/i,
    instead: "superseded",
    found: "the upload became pointless",
    fine: "the upload was superseded",
  },
  {
    pattern: /\bwhole number of (?:MiB|GiB)\b/i,
    instead: "a multiple of 1 MiB",
    found: "not a whole number of MiB",
    fine: "not a multiple of 1 MiB",
  },
  {
    pattern: /\bcut together\b/i,
    instead: "stitched together",
    found: "a file cut together from two",
    fine: "a file stitched together from two",
  },
  {
    pattern: /\boverrules?\b/i,
    instead: "overrides",
    found: "the manifest overrules it",
    fine: "the manifest overrides it",
  },
  {
    pattern: /\bworked (?:off|on)\b/i,
    instead: "processed",
    found: "until the queue is worked off",
    fine: "until the queue is processed",
  },
  {
    pattern: /\bmend(?:s|ed)?\b/i,
    instead: "fix",
    found: "the command mends it",
    fine: "recommended; amended; the command fixes it",
  },
  {
    pattern: /\bin one's words\b/i,
    instead: "custom",
    found: "a format in one's words",
    fine: "a custom format",
  },
  {
    pattern: /\bwill not do\b/i,
    instead: "is not usable",
    found: "a disk that will not do",
    fine: "a disk that is not usable",
  },
  {
    pattern: /\bwhat for\b/i,
    instead: "purpose",
    found: "| resource | what for |",
    fine: "| resource | purpose |",
  },
  {
    pattern: /\bnot as it should be\b/i,
    instead: "unexpected result",
    found: "Not as it should be",
    fine: "Unexpected result",
  },
  {
    pattern: /\bsays? (?:of|so of)\b/i,
    instead: "says about",
    found: "what the API says of the disk",
    fine: "what the API says about the disk",
  },
  {
    pattern: /\btri(?:es|ed) again\b/i,
    instead: "retried",
    found: "the call is tried again",
    fine: "the call is retried; try again later",
  },
];

/** A phrase in a text: where, and what to write. */
export interface Hit {
  readonly line: number;
  readonly phrase: string;
  readonly instead: string;
}

/** Returns every phrase of {@link PHRASES} in a text, with its line from 1. */
export function findPhrases(text: string): readonly Hit[] {
  return text.split("\n").flatMap((content, index) =>
    PHRASES.flatMap(({ pattern, instead }) => {
      const phrase = pattern.exec(content)?.[0];
      return phrase === undefined ? [] : [{ line: index + 1, phrase, instead }];
    }),
  );
}

/**
 * Returns a document without its fenced blocks, except diagrams: the rest of what is in fences is code,
 * or output of code. Lines keep their numbers.
 */
export function readProse(document: string): string {
  return document.replace(/^ *```(?<info>[^\n]*)\n[\s\S]*?^ *```$/gm, (block, info: string) =>
    info === "" || info === "mermaid" ? block : blank(block),
  );
}

const TEXTS =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/g;

/**
 * Returns the string literals and comments of a TypeScript source, everything else blanked out, as are
 * the specifiers of imports. Lines keep their numbers.
 */
export function readTexts(source: string): string {
  let result = "";
  let end = 0;
  for (const match of source.matchAll(TEXTS)) {
    const [text] = match;
    result += blank(source.slice(end, match.index));
    result += isRegularExpression(text) ? blank(text) : text;
    end = match.index + text.length;
  }
  return result + blank(source.slice(end));
}

function isRegularExpression(text: string): boolean {
  return text.startsWith("/") && !text.startsWith("//") && !text.startsWith("/*");
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
