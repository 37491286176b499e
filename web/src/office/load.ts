/** What a part of the office reads when it is opened, and again when it is told to. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, Problem } from "../api";

export function useLoad<T>(path: string) {
  const value = useSignal<T | null>(null);
  const problem = useSignal<Problem | null>(null);
  const load = async () => {
    if (!path) return;
    try {
      problem.value = null;
      value.value = await get<T>(path);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      problem.value = failure;
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
