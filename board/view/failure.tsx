import { splitFix } from "../model/fix.ts";
import { visible, visibleLines } from "../model/format.ts";
import type { Failure } from "../model/status.ts";
import { CommandLine, Copy, Section } from "./parts.tsx";

/** Why something failed, and what to do. */
export function FailureView({ error, title }: { readonly error: Failure; readonly title: string }) {
  return (
    <Section title={title}>
      <div class="failure">
        <p>
          <strong>{visible(error.code)}</strong>
          {error.target !== null && <> in {visible(error.target)}</>}
        </p>
        <p class="lines">{visibleLines(error.message)}</p>
        {error.details.length > 0 && (
          <ul>
            {error.details.map(({ code, message, target }, index) => (
              <li key={index} class="lines">
                {target !== null && <code>{visible(target)}</code>} {visibleLines(message)}{" "}
                <small>{visible(code)}</small>
              </li>
            ))}
          </ul>
        )}
        {error.fix !== null && <Fix fix={error.fix} />}
        {error.retryable && <p>The same upload may succeed when it is retried later.</p>}
      </div>
    </Section>
  );
}

function Fix({ fix }: { readonly fix: string }) {
  return (
    <div class="fix">
      <h3>What to do</h3>
      {splitFix(fix).map(({ kind, text }) =>
        kind === "command" ? (
          <CommandLine key={text} text={visibleLines(text)} what="the command of the fix" />
        ) : (
          <p key={text}>{visible(text)}</p>
        ),
      )}
      <Copy text={fix} what="of the fix" label="Copy all" />
    </div>
  );
}
