import { describe, expect, it } from "vitest";
import { readProjectFile } from "./source-files.ts";

const DOCUMENT = "docs/deployment.md";

describe(DOCUMENT, () => {
  const commands = [...readProjectFile(DOCUMENT).matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .map(([, block = ""]) => block)
    .join("\n");

  it("publishes with the language, which a clone without local settings does not tell", () => {
    const published = commands.match(/func azure functionapp publish .*/g) ?? [];

    expect(published).not.toEqual([]);
    expect(published.filter((command) => !command.endsWith(" --javascript"))).toEqual([]);
  });

  it("makes the Event Grid subscription after the code is published", () => {
    const steps = commands.match(/functionapp publish|scripts\/event-subscription\.sh/g);

    expect(steps?.slice(0, 2)).toEqual(["functionapp publish", "scripts/event-subscription.sh"]);
  });
});
