/** What this browser keeps of the page. Storage may be full or off: then nothing is kept and the page still works. */

export function kept<T>(name: string, otherwise: T): T {
  try {
    const found = localStorage.getItem(`mingbai.${name}`);
    if (found === null) return otherwise;
    return typeof otherwise === "string" ? (found as T) : (JSON.parse(found) as T);
  } catch {
    return otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`mingbai.${name}`, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    /* see above */
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(`mingbai.${name}`);
  } catch {
    /* see above */
  }
}
