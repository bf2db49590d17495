import type { StatusView } from "../../shared/http/status-view.ts";

/** One thing that a request makes, as far as the command line shows it. */
export interface OutputLine {
  readonly kind: string;
  readonly state: string;
  /** Resource id; null before there is one. */
  readonly id: string | null;
}

/** What a request makes: its outputs, or its image where the app reports no outputs. */
export function outputsOf(status: StatusView): readonly OutputLine[] {
  const { outputs } = status as unknown as { readonly outputs?: readonly OutputLine[] };
  if (Array.isArray(outputs) && outputs.length > 0) {
    return outputs.map(({ kind, state, id }) => ({ kind, state, id }));
  }
  const id = status.image?.id ?? null;
  return [{ kind: "managedImage", state: status.state, id }];
}

/** Resource ids of what exists. */
export function idsOf(status: StatusView): readonly string[] {
  return outputsOf(status).flatMap(({ id }) => (id === null ? [] : [id]));
}
