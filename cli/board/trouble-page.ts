/** The page in the place of the board when the app does not send it. It has no script and no style. */
export function writeTroublePage(url: string, problem: string, steps: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,"><title>No connection · vhd-to-image</title></head><body>',
    "<h1>The board cannot be shown</h1>",
    `<p>${escapeHtml(problem)}</p>`,
    "<h2>What to do</h2>",
    `<ul>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join("")}</ul>`,
    `<p>The app: <code>${escapeHtml(url)}</code>. <a href="/api/board">Try again</a></p>`,
    "</body></html>",
    "",
  ].join("\n");
}

/** Nothing at all may run in it. */
export const TROUBLE_POLICY =
  "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What to say about an answer that is not the page. */
export function explainAnswer(
  url: string,
  status: number,
): { problem: string; steps: readonly string[] } {
  if (status === 404) {
    return {
      problem: `${url} answered 404: it is not this app, or a version without a board.`,
      steps: ["Check VHD_TO_IMAGE_URL or --url.", "Deploy the current version of the app."],
    };
  }
  if (status === 401 || status === 403) {
    return {
      problem: `${url} answered ${status}: it does not let this machine in.`,
      steps: [
        "Check the access restrictions of the app, and its sign-in (App Service authentication).",
      ],
    };
  }
  return {
    problem: `${url} answered ${status}.`,
    steps: ["Try again in a minute: the app may be starting.", "Check the log of the app."],
  };
}

/** What to say when there was no answer. */
export function explainSilence(
  url: string,
  reason: string,
): { problem: string; steps: readonly string[] } {
  return {
    problem: `${url} cannot be reached: ${reason}.`,
    steps: [
      "Check the address (VHD_TO_IMAGE_URL or --url) and your network.",
      "Is the app running? With --local, `npm run local` must run in another terminal.",
      "An app with a private endpoint is reached from its network only.",
    ],
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
