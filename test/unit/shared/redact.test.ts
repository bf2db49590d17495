import { describe, expect, it } from "vitest";
import { redact } from "../../../shared/redact.ts";

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
