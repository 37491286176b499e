/** What a part of the page reads when it is opened, and again when it is told to; and what its buttons do. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { get, Problem } from "./api";

export function useLoad<T>(path: string) {
  const value = useSignal<T | null>(null);
  const problem = useSignal<Problem | null>(null);
  const newest = useRef(0);
  const load = async () => {
    const mine = ++newest.current; // answers may come in another order than they were asked for
    if (!path) return;
    try {
      problem.value = null;
      const found = await get<T>(path);
      if (mine === newest.current) value.value = found;
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (mine === newest.current) problem.value = failure;
    }
  };
  useEffect(() => {
    value.value = null;
    void load();
  }, [path]);
  return { value, problem, load };
}

/** Runs what a button does; its problem is shown where the button is. */
export function useTry() {
  const problem = useSignal<Problem | null>(null);
  const busy = useSignal(false);
  const run = async (work: () => Promise<void>) => {
    problem.value = null;
    busy.value = true;
    try {
      await work();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      problem.value = failure;
    } finally {
      busy.value = false;
    }
  };
  return { problem, busy, run };
}
