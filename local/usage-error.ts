/** The command line, or a variable in its place, cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
