import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Board } from "../data/state.ts";

/** The board, for what can be clicked. */
export const BoardContext = createContext<Board | null>(null);

/** The board that the component is drawn for. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (board === null) throw new TypeError("drawn without a board");
  return board;
}
