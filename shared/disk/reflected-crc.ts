/** The remainders of every byte under a reflected 32-bit polynomial. */
export function makeCrcTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

/** The register of a reflected CRC after more bytes, from the register before them; 32 bits, signed. */
export function updateCrc(table: Uint32Array, bytes: Uint8Array, register: number): number {
  let value = register;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return value;
}
