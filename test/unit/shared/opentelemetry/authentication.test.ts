import { describe, expect, it } from "vitest";
import { readAuthentication } from "../../../../shared/opentelemetry/authentication.ts";

describe("readAuthentication", () => {
  it.each([
    ["Authorization=AAD", null],
    ["Authorization=AAD;", null],
    ["Authorization=AAD;ClientId=", null],
    ["Authorization=AAD;ClientId=11111111-2222", "11111111-2222"],
    ["ClientId=11111111-2222;Authorization=AAD", "11111111-2222"],
    ["clientid = 11111111-2222 ; authorization = aad", "11111111-2222"],
  ])("reads %s", (text, clientId) => {
    expect(readAuthentication(text)).toEqual({ clientId });
  });

  it.each(["", "AAD", "Authorization=ApiKey", "ClientId=1"])("refuses '%s' by name", (text) => {
    expect(() => readAuthentication(text)).toThrow("APPLICATIONINSIGHTS_AUTHENTICATION_STRING");
  });
});
