/** The public HTTP contract, as the page speaks it: JSON in and out, errors in both languages, answers as they come. */
import { either } from "./words";

/** An error as a person may read it: what happened, and what to do next. `status` 0: nothing was reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly nextZh = "",
    readonly nextEn = "",
  ) {
    super(code);
  }
  get what(): string {
    return either(this.zh, this.en);
  }
  get next(): string {
    return either(this.nextZh, this.nextEn);
  }
}

const unreachable = () =>
  new Problem(0, "unreachable", "连不上服务。", "The service cannot be reached.", "请检查网络，稍后再试。", "Check the network and try again.");

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (failure) {
    if (init.signal?.aborted) throw failure;
    throw unreachable();
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as { error?: Record<string, string | null> } | null;
  const e = body?.error ?? {};
  const said = (name: string) => e[name] ?? "";
  return new Problem(
    response.status,
    said("code") || String(response.status),
    said("zh") || said("message") || `服务回答了 ${response.status}。`,
    said("en") || said("message") || `The service answered ${response.status}.`,
    said("next_zh"),
    said("next_en"),
  );
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await send(path, signal ? { signal } : {})).json()) as T;
}

export async function post<T>(path: string, body: unknown = {}, method = "POST"): Promise<T> {
  const response = await send(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

export async function remove<T>(path: string): Promise<T> {
  return (await (await send(path, { method: "DELETE" })).json()) as T;
}

export interface Source { kind: string; key: string; file: string; line: number }
export interface Fact {
  name: string;
  about: string;
  text: string;
  sources: Source[];
  rule: { id: string; source: string } | null;
}
/** The object `mingbai` beside an answer's choices. */
export interface Answer {
  receipt: string;
  intents: { name: string; p: number }[];
  lang: string;
  facts: Fact[];
  passages: { kind: string; key: string; title: string }[];
  place: string;
  masked: Record<string, number>;
  checked: boolean;
  failed_checks: string[];
  phrased_by: string;
  model_sentences: number;
  handoff: boolean;
  refused: string[];
  needs: { slot: string; choices: string[] }[];
  proposal: string | null;
  done: string | null;
  label: string;
  seconds: Record<string, number>;
}

export interface Asked {
  messages: { role: "user" | "assistant"; content: string }[];
  metadata: Record<string, string>;
}

/** Asks the desk. `piece` gets each checked bit as it comes; the answer's own account comes at the end. */
export async function ask(asked: Asked, piece: (text: string) => void, signal: AbortSignal): Promise<Answer> {
  const response = await send("v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ model: "mingbai", stream: true, ...asked }),
    signal,
  });
  let answer: Answer | null = null;
  for await (const data of events(response)) {
    if (data === "[DONE]") break;
    const chunk = JSON.parse(data) as {
      choices?: { delta: { content?: string } }[];
      mingbai?: Answer;
      error?: Record<string, string>;
    };
    if (chunk.error) {
      const e = chunk.error;
      throw new Problem(503, e.code ?? "", e.zh ?? e.message ?? "", e.en ?? e.message ?? "", e.next_zh, e.next_en);
    }
    const text = chunk.choices?.[0]?.delta.content;
    if (text) piece(text);
    if (chunk.mingbai) answer = chunk.mingbai;
  }
  if (answer === null) throw new Problem(0, "cut", "回答中途断了。", "The answer was cut off.", "请再问一次。", "Ask again.");
  return answer;
}

/** The `data:` of server-sent events. A connection that breaks is a `Problem`. */
export async function* events(response: Response): AsyncGenerator<string> {
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  let held = "";
  try {
    while (true) {
      const { value, done } = await reader.read().catch((failure: unknown) => {
        if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
        throw unreachable();
      });
      if (done) return;
      held += value;
      for (let end = held.indexOf("\n\n"); end >= 0; end = held.indexOf("\n\n")) {
        const data = held.slice(0, end).split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
        held = held.slice(end + 2);
        if (data.length) yield data.join("\n");
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
