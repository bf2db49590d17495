import { describe, expect, it } from "vitest";
import { readBicep, readKeysAfter } from "./bicep.ts";
import { findImbalance, maskBicep } from "./mask-bicep.ts";

const SAMPLE = `
@description('It\\'s the {name}.')
param name string

@secure()
@description('A key.')
param key string = ''

// param not string
var options = { ONE: '1', nested: { TWO: '\${split(name, '/')[0]}}' } }
var query = '''
  | where x == "{" // kept
'''

module made 'modules/made.bicep' = {
  params: {
    name: name
    inner: { a: 1 }
  }
}

resource box 'Microsoft.Box/boxes@2024-01-01' existing = if (true) {
  name: '\${name}'

  resource lid 'lids' existing = {
    name: 'default'
  }
}

output id string = box.id
`;

describe("the reader of Bicep", () => {
  const file = readBicep("sample.bicep", SAMPLE);

  it("finds parameters with what is said of them", () => {
    expect(file.parameters).toEqual([
      {
        name: "name",
        type: "string",
        isRequired: true,
        isSecure: false,
        description: "It\\'s the {name}.",
      },
      { name: "key", type: "string", isRequired: false, isSecure: true, description: "A key." },
    ]);
  });

  it("finds the arguments of a module, not those inside them", () => {
    expect(file.modules).toEqual([
      { name: "made", path: "modules/made.bicep", arguments: ["name", "inner"] },
    ]);
  });

  it("finds resources, their versions, and children inside them", () => {
    expect(file.resources).toMatchObject([
      { name: "box", type: "Microsoft.Box/boxes", version: "2024-01-01", isExisting: true },
      { name: "lid", type: "lids", version: null, isExisting: true },
    ]);
    expect(file.resources[0]?.body).toContain("lids");
    expect(file.outputs).toEqual(new Map([["id", "box.id"]]));
  });

  it("takes an expression inside a text for a part of the text", () => {
    const { withoutTexts } = maskBicep(`a: '\${f({ b: 'c}' })}' // '\nd: e`);
    expect(withoutTexts.trimEnd().split("\n").at(-1)).toBe("d: e");
    expect(withoutTexts.match(/[{}()]/g)).toBeNull();
  });

  it("reads keys behind a marker, and fails without it", () => {
    expect(readKeysAfter(file, "params:")).toEqual(["name", "inner"]);
    expect(() => readKeysAfter(file, "nowhere")).toThrow('sample.bicep has no "nowhere"');
  });

  it.each([
    ["a = { b: [1 }", "line 1: unexpected }"],
    ["a = { b: [1]", "1 brackets without an end"],
    ["a = 'b", "a text without an end"],
    ["a = '}' // {", null],
    ["a = '\\'{' ", null],
    ["a = '''\n{ ' '''", null],
  ])("says about %j: %s", (text, problem) => {
    expect(findImbalance(text)).toBe(problem);
  });
});
