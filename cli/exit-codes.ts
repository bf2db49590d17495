/** What each exit code of the command means; scripts rely on the numbers. */
export const EXIT_CODES = {
  success: { code: 0, why: "done: the image is ready, or the disk is fine" },
  refused: { code: 1, why: "the answer is no: failed, canceled, refused or invalid" },
  usage: { code: 2, why: "wrong usage, or a file cannot be read" },
  unreachable: { code: 3, why: "Azure or the app cannot be reached, or refuses the sign-in" },
  running: { code: 4, why: "the request is still running" },
  interrupted: { code: 130, why: "interrupted by Ctrl-C" },
} as const;

/** Why a command ends. */
export type ExitReason = keyof typeof EXIT_CODES;
