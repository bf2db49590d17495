/** A part of the local world ended, and nobody had asked it to. */
export class PartDiedError extends Error {
  override readonly name = "PartDiedError";

  /**
   * @param part what ended
   * @param ending how: exit code or signal
   * @param lastLines what it wrote last, oldest first
   */
  constructor(part: string, ending: string, lastLines: readonly string[]) {
    const log =
      lastLines.length === 0
        ? "It wrote nothing."
        : `Its last lines:\n${lastLines.map((line) => `  ${line}`).join("\n")}`;
    super(`${part} ended unexpectedly: ${ending}. ${log}`);
  }
}

/** A part of the local world was started but did not become ready in time. */
export class PartStartError extends Error {
  override readonly name = "PartStartError";

  constructor(part: string, timeoutMs: number) {
    super(`${part} was not ready within ${timeoutMs / 1000} s`);
  }
}
