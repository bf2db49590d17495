import { describe, expect, it } from "vitest";
import { createLogger } from "../../../functions/logger.ts";
import { makeInvocation } from "./invocation.ts";

describe("createLogger", () => {
  it("writes each event as one line of JSON at its level", () => {
    const { invocation, lines } = makeInvocation();
    const log = createLogger(invocation);

    log.info("request.opened", { requestId: "abc", step: 1 });
    log.warn("request.unknown");
    log.error("request.failed", { error: "line 1\nline 2" });

    expect(lines).toEqual([
      ["information", '{"event":"request.opened","requestId":"abc","step":1}'],
      ["warning", '{"event":"request.unknown"}'],
      ["error", '{"event":"request.failed","error":"line 1\\nline 2"}'],
    ]);
  });

  it("hides secrets wherever they stand, and stays JSON", () => {
    const { invocation, lines } = makeInvocation();
    createLogger(invocation).error("http.unexpected", {
      error: 'GET "https://a.blob.core.windows.net/c/b.vhd?sv=1&sig=SECRET" failed',
      nested: { header: "Bearer SECRET", key: "AccountKey=SECRET==" },
    });

    const text = lines[0]?.[1] ?? "";
    expect(text).not.toContain("SECRET");
    expect(JSON.parse(text)).toMatchObject({ event: "http.unexpected" });
  });
});
