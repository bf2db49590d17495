/** A request to Azure that an upload would lead to. */
export interface PlannedPut {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the page shows of a plan; parts that the answer does not have are empty. */
export function readPlan(body: unknown): {
  readonly puts: readonly PlannedPut[];
  readonly warnings: readonly string[];
} {
  const plan = toFields(body);
  const puts = listOf(plan.puts ?? plan.requests ?? plan.calls ?? plan.outputs).flatMap((item) => {
    const put = toFields(toFields(item).put ?? item);
    return typeof put.url === "string"
      ? [
          {
            method: typeof put.method === "string" ? put.method : "PUT",
            url: put.url,
            body: put.body,
          },
        ]
      : [];
  });
  return { puts, warnings: listOf(plan.warnings).flatMap(textOf) };
}

/** Every mistake of a manifest that was refused, in words. */
export function readPlanMistakes(body: unknown): readonly string[] {
  const problem = toFields(body);
  const lists = [
    problem.errors,
    problem.mistakes,
    problem.details,
    toFields(problem.error).details,
  ];
  return lists.flatMap(listOf).flatMap(textOf);
}

function textOf(item: unknown): readonly string[] {
  if (typeof item === "string") return [item];
  const { message, detail } = toFields(item);
  const text = message ?? detail;
  return typeof text === "string" ? [text] : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
