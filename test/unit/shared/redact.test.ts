import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../shared/limits.ts";
import { redact, redactDeep, redactUpTo, redactWithin } from "../../../shared/redact.ts";
import { growthOf, LINEAR_GROWTH } from "../../growth.ts";

/** As long as the shortest part of an operation's signature. */
const LONG = "SECRET_-".repeat(5).concat("abc");
const operation =
  "https://management.azure.com/subscriptions/s/providers/Microsoft.Compute/locations/westus/operations/1";

describe("redact", () => {
  it.each([
    {
      what: "the parts of a SAS",
      text: "GET https://a.blob.core.windows.net/c/b.vhd?sv=SECRET&se=SECRET&sp=SECRET&sig=SECRET%3D&x=1 failed",
      shown:
        "GET https://a.blob.core.windows.net/c/b.vhd?sv=REDACTED&se=REDACTED&sp=REDACTED&sig=REDACTED&x=1 failed",
    },
    {
      what: "the signature of an operation's URL",
      text: `${operation}?api-version=2026-04-01&t=1&c=${LONG}&s=${LONG}&h=${LONG}`,
      shown: `${operation}?api-version=2026-04-01&t=1&c=REDACTED&s=REDACTED&h=REDACTED`,
    },
    {
      what: "a function key",
      text: "/api/status?code=SECRET==&limit=5",
      shown: "/api/status?code=REDACTED&limit=5",
    },
    {
      what: "an account key",
      text: "AccountName=a;AccountKey=SECRET==;EndpointSuffix=core.windows.net",
      shown: "AccountName=a;AccountKey=REDACTED;EndpointSuffix=core.windows.net",
    },
    {
      what: "a SAS in a connection string",
      text: "BlobEndpoint=https://a;SharedAccessSignature=sv=SECRET&sig=SECRET x",
      shown: "BlobEndpoint=https://a;SharedAccessSignature=REDACTED x",
    },
    {
      what: "a token in a header",
      text: "authorization: Bearer SECRET.abc-_~+/= and more",
      shown: "authorization: Bearer REDACTED and more",
    },
    {
      what: "a token anywhere",
      text: "the token eyJhbGciOi.eyJzdWIiOi.SIG_nature was refused",
      shown: "the token REDACTED was refused",
    },
  ])("hides $what", ({ text, shown }) => {
    expect(redact(text)).toBe(shown);
  });

  it("leaves other text as it is", () => {
    const text = "web.vhd: uploading (last written 12 s ago); see https://example.org/a?b=c&c=d#d";

    expect(redact(text)).toBe(text);
  });

  it("leaves JSON valid, quoted URLs in messages included", () => {
    const message = "cannot read \"https://a/c/b.vhd?sig=SECRET\", key 'AccountKey=SECRET'";

    expect(JSON.parse(redact(JSON.stringify({ message, next: "Bearer SECRET" })))).toEqual({
      message: "cannot read \"https://a/c/b.vhd?sig=REDACTED\", key 'AccountKey=REDACTED'",
      next: "Bearer REDACTED",
    });
  });
});

describe("every encoding of a secret", () => {
  const percent = (text: string) => encodeURIComponent(text);
  const html = (text: string) =>
    text.replace(/[&<>"'+=/]/g, (found) => `&#x${found.charCodeAt(0).toString(16).toUpperCase()};`);
  const escaped = (text: string) =>
    text.replace(/[&<>"'+=/?]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`);
  const sas = "https://a.blob.core.windows.net/c/b.vhd?sv=2024&se=2030&sig=aMARK%2BMARK%2FMARK%3D";
  const raw = "https://a.blob.core.windows.net/c/b.vhd?sv=2024&SIG=aMARK+MARK/MARK=&x=1";
  const key = `${"MARK+/".repeat(14)}ab==`;
  const token = "eyJhbGciMARK.eyJzdWIiMARK.c2lnMARK-_MARK";
  const secrets = {
    sas,
    raw,
    token,
    member: '{"sig":"MARK+/MARK=","AccountKey": "MARK/MARK==", "access_token":"MARK.MARK"}',
    signatureFirst: "sig=MARK+MARK&sv=1",
    connection: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${key};EndpointSuffix=b`,
    key: `the key '${key}' is wrong`,
    bearer: `authorization: Bearer ${"MARK.".repeat(9)}`,
    sharedKey: "authorization: SharedKey account:MARK+/MARK=",
    functionKey: `x-functions-key: ${"MARK".repeat(12)}AzFuMARKMARK==`,
    operation: `https://management.azure.com/x?t=1&c=${"MARK".repeat(9)}&s=${"MARK".repeat(9)}`,
  };
  const encodings: Record<string, (text: string) => string> = {
    plain: (text) => text,
    JSON: JSON.stringify,
    "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ text })),
    "JSON with a slash escaped": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
    "JSON of .NET": escaped,
    HTML: (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
    "HTML of HTML": (text) => text.replaceAll("&", "&amp;amp;"),
    "HTML of .NET": html,
    "percent-encoding": percent,
    "percent-encoding, twice": (text) => percent(percent(text)),
    "percent-encoding, three times": (text) => percent(percent(percent(text))),
    "percent-encoding in small letters": (text) =>
      percent(text).replace(/%../g, (found) => found.toLowerCase()),
  };

  it.each(Object.keys(encodings))("is hidden: %s", (encoding) => {
    const shown = Object.values(secrets).map((text) => redact(encodings[encoding]?.(text) ?? ""));

    expect(shown.filter((text) => text.includes("MARK"))).toEqual([]);
    expect(shown.filter((text) => !text.includes("REDACTED"))).toEqual([]);
  });

  it.each([
    ['{"code":"NotFound","message":"design=good, size=1"}'],
    ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/web-signal"],
    ["Set 'location' to 'westeurope'; code 7; st: ok; signature missing; Bearer"],
    ["key: a; password: none; https://a/b?design=1&c=2&s=3&h=4&series=se"],
  ])("leaves %s as it is", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("is hidden in the names of members", () => {
    const hidden = redactDeep({ "https://a/b?sig=MARK": [{ x: "AccountKey=MARK" }] });

    expect(JSON.stringify(hidden)).not.toContain("MARK");
  });
});

describe("the time that redacting takes", () => {
  const pumps = [
    "-eyJ",
    "eyJ.",
    ".eyJ",
    " eyJa.",
    "\\u003deyJ",
    "%3DeyJ",
    "%25",
    "25",
    "\\",
    "\\u0022sig",
    "u0026",
    "?",
    "&",
    "&amp;",
    ";",
    "sig",
    "sig=",
    "?sig=",
    "sig\\",
    "&c=",
    "3f",
    "a",
    "A/",
    "%2f",
    '"sig"',
    '"sig":',
    '"sig":"',
    "Bearer ",
    "Bearer",
    "SharedKey a",
    "AccountKey=",
    "AccountKey",
    "%2525",
    "&#x3d;",
    "&#",
    "AzFu",
    "aAzF",
    "\\/",
    "= ",
    " ",
    "\u0026",
    "SharedAccessSignature=",
    "sig=\\\\",
    "&amp;amp;",
  ];
  it.each(pumps)("grows with the text alone: %j repeated", (pump) => {
    const growth = growthOf((size) => {
      const text = pump.repeat(Math.ceil((8 * size) / pump.length));
      return () => redact(text);
    });
    expect(growth).toBeLessThanOrEqual(LINEAR_GROWTH);
  });
});

describe("redactWithin", () => {
  const many = "?sig=a&sig=b".repeat(2_000);

  it.each([1, 8, 9, 12, 80, 500, 2_000, 4_000])(
    "gives no more than %d characters, whatever is put in place of secrets, now and when it is redacted again",
    (limit) => {
      for (const length of [limit - 8, limit - 1, limit, limit + 1, 2 * limit, 24_000]) {
        for (const text of [many, `"sig":"${"a".repeat(limit)}"`, "Bearer a ".repeat(3_000)]) {
          const kept = redactWithin(text.slice(0, Math.max(0, length)), {
            ...LIMITS.errorFix,
            limit,
          });
          expect(kept.length).toBeLessThanOrEqual(Math.max(limit, "?sig=REDACTED".length));
          expect(redact(kept)).toBe(kept);
        }
      }
    },
  );

  it("keeps a text that fits, and says where one was cut", () => {
    const limit = { ...LIMITS.errorFix, limit: 10 };
    expect(redactWithin("a".repeat(10), limit)).toBe("a".repeat(10));
    expect(redactWithin("a".repeat(11), limit)).toBe(`${"a".repeat(9)}…`);
  });
});

describe("redactUpTo", () => {
  const MAX = 40;
  const token = `eyJ${"a".repeat(3_000)}.${"b".repeat(3_000)}.${"c".repeat(3_000)}`;

  it("returns no more characters than requested", () => {
    expect(redactUpTo("x".repeat(MAX), MAX)).toBe("x".repeat(MAX));
    expect(redactUpTo("x".repeat(100_000), MAX)).toBe("x".repeat(MAX));
    expect(redactUpTo("", MAX)).toBe("");
  });

  it("shows no half of a secret that lies across the limit", () => {
    expect(redactUpTo(`${"x".repeat(MAX - 1)} ${token}`, MAX)).toBe(`${"x".repeat(MAX - 1)} `);
    expect(redactUpTo(`refused Bearer ${token}`, MAX)).toBe("refused Bearer REDACTED");
  });

  it("shows no half of a secret where replacing others leaves room for it", () => {
    const long = `https://a/b?sig=${"S".repeat(8_000)} `;
    const shown = redactUpTo(`${long}${token}`, MAX);

    expect(shown).toBe("https://a/b?sig=REDACTED ");
  });
});
