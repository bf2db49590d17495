import type { ComponentChildren } from "preact";
import { formatTime, visible } from "../model/format.ts";
import { type Tone, toneOf } from "../model/status.ts";
import { useBoard } from "./context.ts";

const MARKS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✗", ended: "■", busy: "●" };

/** A state: its word, with a mark and a colour; a quiet one where others followed. */
export function State(props: { readonly state: string; readonly isPassed?: boolean }) {
  const { state, isPassed = false } = props;
  const tone = isPassed ? "ended" : toneOf(state);
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{isPassed ? "✓" : MARKS[tone]}</span> {visible(state)}
    </span>
  );
}

/** A point in time. */
export function Time({ at }: { readonly at: string }) {
  return <time dateTime={at}>{formatTime(at)}</time>;
}

/** A name or message from outside: its direction does not reach the text around it. */
export function Foreign({ text }: { readonly text: string }) {
  return <bdi>{visible(text)}</bdi>;
}

interface CopyProps {
  readonly text: string;
  readonly what: string;
  readonly label?: string;
}

/** Copies a text; what it copies is part of its name. */
export function Copy({ text, what, label = "Copy" }: CopyProps) {
  const board = useBoard();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      board.announce(`Copied ${what}.`);
    } catch {
      board.announce(`The browser does not allow copying ${what}: select the text.`);
    }
  };
  return (
    <button type="button" class="small" aria-label={`${label} ${what}`} onClick={() => void copy()}>
      {label}
    </button>
  );
}

/** A command to paste into a shell. */
export function CommandLine({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <Copy text={text} what={what} />
    </div>
  );
}

/** A part of a view below a heading of its own. */
export function Section(props: { readonly title: string; readonly children: ComponentChildren }) {
  const id = `section-${props.title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** A bar with its percentage in words. */
export function Progress({ label, percent }: { readonly label: string; readonly percent: number }) {
  return (
    <span class="progress">
      <progress aria-label={label} max={100} value={percent} /> {percent} %
    </span>
  );
}

/** A document as JSON, closed at first. */
export function RawJson({ value, what }: { readonly value: unknown; readonly what: string }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <details>
      <summary>JSON of {what}</summary>
      <Copy text={text} what={`the JSON of ${what}`} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}

/** What to know although nothing failed. */
export function Warnings({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <Section title="Warnings">
      <ul class="warnings">
        {texts.map((text) => (
          <li key={text}>
            <Foreign text={text} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
