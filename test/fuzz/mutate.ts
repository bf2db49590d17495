import fc from "fast-check";

type Edit = (bytes: Uint8Array) => Uint8Array;

/** What damages files on their way, and what an attacker tries first. */
const TOKENS = [
  "\0",
  "\ufeff",
  "\u00a0",
  '"__proto__":{},',
  '"\\ud800"',
  "1e999",
  "-0",
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
  "{",
  "}",
  "/*",
  "//",
  '"',
  "\\",
  ",",
].map((text) => new TextEncoder().encode(text));

const EXTRA = [new Uint8Array([0xff]), new Uint8Array([0xc3, 0x28]), new Uint8Array([0xff, 0xfe])];

const place = fc.nat(0xffff);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(([at, value]) => replaceByte(at, value)),
  fc.tuple(place, fc.nat(7)).map(([at, bit]) => flipBit(at, bit)),
  fc.tuple(place, fc.constantFrom(...TOKENS, ...EXTRA)).map(([at, token]) => insert(at, token)),
  fc.tuple(place, fc.nat(64)).map(([at, count]) => remove(at, count)),
  place.map(cutAt),
  fc.tuple(place, fc.nat(200)).map(([at, count]) => repeat(at, count)),
);

/** Copies of given bytes with one to six changes. */
export function mutated(originals: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edits = fc.array(edit, { minLength: 1, maxLength: 6 });
  return fc
    .tuple(fc.constantFrom(...originals), edits)
    .map(([original, changes]) => changes.reduce((bytes, change) => change(bytes), original));
}

function replaceByte(at: number, value: number): Edit {
  return (bytes) => bytes.map((byte, index) => (index === at % bytes.length ? value : byte));
}

function flipBit(at: number, bit: number): Edit {
  return (bytes) =>
    bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << bit) : byte));
}

function insert(at: number, piece: Uint8Array): Edit {
  return (bytes) => {
    const index = at % (bytes.length + 1);
    return join(bytes.subarray(0, index), piece, bytes.subarray(index));
  };
}

function cutAt(at: number): Edit {
  return (bytes) => bytes.slice(0, at % (bytes.length + 1));
}

function remove(at: number, count: number): Edit {
  return (bytes) => {
    const index = at % (bytes.length + 1);
    return join(bytes.subarray(0, index), bytes.subarray(index + count));
  };
}

function repeat(at: number, count: number): Edit {
  return (bytes) => {
    const index = at % (bytes.length + 1);
    const piece = bytes.subarray(index, index + 8);
    return join(bytes, ...Array.from({ length: count }, () => piece));
  };
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
