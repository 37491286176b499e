/** What staff see: who is waiting, the open conversation, a draft for it. Kept up by long polls as long as the desk is open. */
import { batch, signal } from "@preact/signals";
import { type Answer, type Fact, get, post, Problem } from "../api";
import type { Message, TalkState } from "../counter/talk";

export interface Listed extends TalkState {
  customer: string;
  order: string;
  last: { who: string; at: string; text: string | null } | null;
  reason: string;
  taken_by: string;
  mine: boolean;
}
export interface Summary {
  reason: string;
  asked: string | null;
  order: string;
  item: string;
  customer: string;
  intents: string[];
  facts: Fact[];
  refused: string[];
  receipts: string[];
  lang: string;
}
export interface Case {
  talk: TalkState;
  seq: number;
  messages: Message[];
  summary: Summary | null;
}
export interface Draft {
  text: string;
  mingbai: Answer | null;
}

export const listed = signal<Listed[] | null>(null);
export const all = signal(false);
export const opened = signal<Case | null>(null);
export const draft = signal<Draft | "waiting" | null>(null);
export const trouble = signal<Problem | null>(null);
export const lost = signal(false);

let lists: AbortController | null = null;
let cases: AbortController | null = null;
let drafts = 0; // the newest that was asked for

const of = (id: string) => `/v1/desk/talks/${encodeURIComponent(id)}`;

/** Runs `look` for ever; `look` waits at the service until there is something new. Slower while nothing is reached. */
async function keepUp(look: (after: number, wait: number) => Promise<number>, stop: AbortSignal): Promise<void> {
  let after = 0;
  let wait = 0;
  let pause = 1000;
  while (!stop.aborted) {
    try {
      after = await look(after, wait);
      wait = 20;
      pause = 1000;
      lost.value = false;
    } catch (problem) {
      if (stop.aborted) return;
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status === 0) lost.value = true;
      else trouble.value = problem;
      if (problem.status === 404) return;
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, 10_000);
    }
  }
}

export function watchList(): void {
  lists?.abort();
  const stop = (lists = new AbortController()).signal;
  void keepUp(async (after, wait) => {
    const state = all.value ? "all" : "open";
    const found = await get<{ seq: number; talks: Listed[] }>(`/v1/desk/talks?state=${state}&after=${after}&wait_seconds=${wait}`, stop);
    if (stop.aborted) return after;
    listed.value = found.talks;
    return found.seq;
  }, stop);
}

export function watchCase(id: string): void {
  cases?.abort();
  drafts += 1;
  batch(() => {
    opened.value = null;
    draft.value = null;
    trouble.value = null;
  });
  if (!id) return;
  const stop = (cases = new AbortController()).signal;
  void keepUp(async (after, wait) => {
    const found = await get<Case>(`${of(id)}?after=${after}&wait_seconds=${wait}`, stop);
    if (stop.aborted) return after;
    const known = after > 0 ? (opened.value?.messages ?? []) : [];
    const by = new Map([...known, ...found.messages].map((m) => [m.id, m]));
    const before = lastCustomer(known);
    opened.value = { ...found, messages: [...by.values()].sort((a, b) => a.seq - b.seq) };
    const now = lastCustomer(opened.value.messages);
    const last = opened.value.messages.filter((m) => m.who !== "notice").at(-1);
    const theirs = found.talk.state === "waiting" || found.talk.state === "staff";
    if (theirs && now !== before && last?.who === "customer" && last.text) void prepare(id);
    return found.seq;
  }, stop);
}

export function close(): void {
  lists?.abort();
  cases?.abort();
  drafts += 1;
}

const lastCustomer = (messages: Message[]) => messages.filter((m) => m.who === "customer" && m.text).at(-1)?.id;

/** The desk's own answer, for a person to send or to change. */
export async function prepare(id: string): Promise<void> {
  const mine = ++drafts;
  draft.value = "waiting";
  let found: Draft = { text: "", mingbai: null };
  try {
    found = await post<Draft>(`${of(id)}/draft`);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
  if (mine === drafts) draft.value = found; // another was asked for, or a person has answered meanwhile
}

export async function set(id: string, state: TalkState["state"]): Promise<void> {
  try {
    trouble.value = null;
    const talk = await post<TalkState>(`${of(id)}/state`, { state });
    if (opened.value?.talk.id === id) opened.value = { ...opened.value, talk };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    trouble.value = problem;
  }
}

/** Sends; a problem is given back, since a word of the house's style asks for another try. */
export async function reply(id: string, text: string, anyway: boolean): Promise<Problem | null> {
  try {
    const message = await post<Message>(`${of(id)}/messages`, { text, anyway });
    drafts += 1;
    batch(() => {
      draft.value = null;
      if (opened.value?.talk.id === id && !opened.value.messages.some((m) => m.id === message.id)) {
        opened.value = { ...opened.value, messages: [...opened.value.messages, message] };
      }
    });
    return null;
  } catch (problem) {
    if (problem instanceof Problem) return problem;
    throw problem;
  }
}
