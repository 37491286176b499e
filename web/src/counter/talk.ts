/** The one open conversation of this browser. The service keeps it; here is what is shown of it, and what is on its way. */
import { batch, signal } from "@preact/signals";
import { type Answer, events, get, post, Problem, send } from "../api";
import { sessions, visit } from "../session";
import { lang } from "../words";

export type Both = { zh: string; en: string };
export interface Picture {
  id: string;
  type: string;
  bytes: number;
}
export interface Message {
  id: string;
  seq: number;
  who: "customer" | "desk" | "staff" | "notice";
  at: string;
  text: string | null;
  notice?: string;
  erased: boolean;
  pictures: Picture[];
  mingbai: Answer | null;
}
export interface TalkState {
  id: string;
  state: "desk" | "waiting" | "staff" | "closed";
  since: string;
  answering: boolean;
  queue: { place: number; waiting: number } | null;
  hours: Both;
  open_now: boolean | null;
  lang: string;
}
export interface Talk {
  talk: TalkState | null;
  seq: number;
  messages: Message[];
}
export interface Unsent {
  text: string;
  failed: boolean;
}
export interface Style {
  greeting: Both;
  questions: { zh: string[]; en: string[] };
  never_say: string[];
  phrases: Both[];
}
export interface House {
  shop: string;
  name: Both;
  hours: Both;
  open_now: boolean | null;
  waiting: number;
  style: Style;
  label: Both;
  engine: string;
  pictures: { types: string[]; most_bytes: number };
}

export const house = signal<House | null>(null);
export const talk = signal<TalkState | null>(null);
export const messages = signal<Message[]>([]);
/** The words of an answer while they come; null: none is coming. */
export const coming = signal<string | null>(null);
/** What the customer wrote and the service has not yet kept; those that failed stay until they are sent again. */
export const unsent = signal<Unsent[]>([]);
export const trouble = signal<Problem | null>(null);
export const lost = signal(false);
export const focus = signal({ order: query("order"), item: query("item") });

const LANGS = { zh: "zh", hant: "zh-Hant", en: "en" } as const; // as the service names them
const HOUSE_MS = 30_000; // how often it is asked whether the model and people are there

let seq = 0;
let looked = 0;
let follows: AbortController | null = null;
let hearing = false; // an answer's stream is open
let whose = ""; // the customer of what is shown

function query(name: string): string {
  return new URLSearchParams(location.search).get(name) ?? "";
}

/** Opens the counter: a session if there is none, the house, the conversation so far; then stays with it. */
export async function open(): Promise<void> {
  close();
  const mine = (follows = new AbortController());
  try {
    if (!sessions.value?.counter) await visit();
    const [at, found] = await Promise.all([get<House>("/v1/counter"), get<Talk>("/v1/counter/conversation?after=0")]);
    if (mine.signal.aborted) return;
    batch(() => {
      house.value = at; // together: what is asked at once must not be written over by what was said before
      anew(sessions.value?.counter?.customer ?? "");
      take(found);
      lost.value = false;
      trouble.value = null;
    });
    looked = Date.now();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (mine.signal.aborted) return;
    if (problem.status === 0) lost.value = true;
    else trouble.value = problem;
  }
  void follow(mine);
}

/** Nothing of the conversation before; what failed stays with the one who wrote it. */
function anew(customer: string): void {
  talk.value = null;
  messages.value = [];
  seq = 0;
  if (customer !== whose) unsent.value = [];
  whose = customer;
}

export function close(): void {
  follows?.abort();
  follows = null;
}

function followAnew(): void {
  close();
  void follow((follows = new AbortController()));
}

/** Asks for what is new as long as the page is open; after a lost connection more and more seldom. */
async function follow(mine: AbortController): Promise<void> {
  let pause = 1000;
  while (!mine.signal.aborted) {
    try {
      if (house.value === null || lost.value || Date.now() - looked > HOUSE_MS) {
        const at = await get<House>("/v1/counter", mine.signal);
        if (mine.signal.aborted) return;
        house.value = at;
        looked = Date.now();
      }
      const found = await get<Talk>(`/v1/counter/conversation?after=${seq}&wait_seconds=${lost.value ? 0 : 20}`, mine.signal);
      if (mine.signal.aborted) return;
      take(found);
      if (talk.value === null && !lost.value) await rest(1500, mine.signal); // nothing to wait for yet
      lost.value = false;
      pause = 1000;
    } catch (problem) {
      if (mine.signal.aborted) return;
      if (problem instanceof Problem && problem.status === 401) {
        await visit().catch(() => undefined);
      }
      lost.value = !(problem instanceof Problem) || problem.status === 0;
      await rest(pause, mine.signal);
      pause = Math.min(pause * 2, 10_000);
    }
  }
}

/** Until then, or until the device is back on a network. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const ended = () => {
      clearTimeout(timer);
      removeEventListener("online", ended);
      done();
    };
    const timer = setTimeout(ended, milliseconds);
    addEventListener("online", ended);
    signal.addEventListener("abort", ended, { once: true });
  });
}

function take(found: Talk): void {
  batch(() => {
    if (found.talk?.id !== talk.value?.id && talk.value !== null) {
      messages.value = [];
      seq = 0;
    }
    talk.value = found.talk?.state === "closed" ? null : found.talk;
    add(found.messages);
    seq = Math.max(seq, found.seq);
    if (found.messages.some((m) => m.who === "desk")) looked = 0; // the model may have gone or come: the house is asked again
    const answered = found.messages.some((m) => m.who === "desk") && messages.value.filter((m) => m.who !== "notice").at(-1)?.who === "desk";
    // The whole answer may be here before the stream brought its end; a stream that was cut off brings none.
    if (answered || (!hearing && !found.talk?.answering)) coming.value = null;
  });
}

function add(found: Message[]): void {
  if (found.length === 0) return;
  const by = new Map(messages.value.map((m) => [m.id, m]));
  for (const message of found) by.set(message.id, message);
  messages.value = [...by.values()].sort((a, b) => a.seq - b.seq);
  for (const m of found) {
    const one = m.who === "customer" && unsent.value.find((each) => each.text === m.text);
    if (one) unsent.value = unsent.value.filter((each) => each !== one);
  }
}

type Said =
  | { type: "kept"; message: Message }
  | { type: "piece"; text: string }
  | { type: "answer"; message: Message }
  | { type: "talk"; talk: TalkState }
  | { type?: undefined; error: Record<string, string> };

export async function say(text: string): Promise<void> {
  const mine: Unsent = { text, failed: false };
  unsent.value = [...unsent.value.filter((each) => !(each.failed && each.text === text)), mine];
  trouble.value = null;
  hearing = true;
  try {
    const response = await send("/v1/counter/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, ...focus.value, lang: LANGS[lang.value] }),
    });
    for await (const data of events(response)) {
      if (data === "[DONE]") break;
      hear(JSON.parse(data) as Said, mine);
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    unsent.value = unsent.value.map((each) => (each === mine ? { text, failed: true } : each));
    if (problem.status === 0) {
      lost.value = true;
      followAnew(); // a poll that still waits would not notice that the connection is back
    } else trouble.value = problem;
  }
  hearing = false;
  if (!lost.value) coming.value = null;
}

function hear(said: Said, mine: Unsent): void {
  batch(() => {
    switch (said.type) {
      case "kept":
        unsent.value = unsent.value.filter((each) => each !== mine);
        coming.value = "";
        add([said.message]);
        return;
      case "piece":
        if (coming.value !== null) coming.value += said.text;
        return;
      case "answer":
        coming.value = null;
        add([said.message]);
        return;
      case "talk":
        coming.value = null;
        talk.value = said.talk;
        return;
      default: {
        const e = said.error;
        coming.value = null;
        trouble.value = new Problem(503, e.code ?? "", e.zh ?? e.message ?? "", e.en ?? e.message ?? "", e.next_zh, e.next_en);
      }
    }
  });
}

/** 转人工, back to the machine, or a new conversation. */
export async function turn(state: "waiting" | "desk" | "closed"): Promise<void> {
  try {
    const now = await post<TalkState>("/v1/counter/state", { state });
    batch(() => {
      if (state === "closed") anew(whose);
      else talk.value = now;
    });
    if (state === "closed") followAnew();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    trouble.value = problem;
  }
}

export async function show(picture: File): Promise<void> {
  trouble.value = null;
  const most = house.value?.pictures.most_bytes ?? 2 * 1024 * 1024;
  try {
    const body = picture.size > most ? await smaller(picture, most) : picture;
    const response = await send("/v1/counter/pictures", { method: "POST", headers: { "Content-Type": body.type }, body });
    add([(await response.json()) as Message]);
  } catch (problem) {
    if (problem instanceof Problem) trouble.value = problem;
    else
      trouble.value = new Problem(
        400, "picture", "这张图片打不开。", "This picture cannot be read.", "请换一张 JPEG、PNG 或 WebP。", "Choose a JPEG, PNG or WebP.",
      );
  }
}

/** A photo of a phone is larger than what is needed to see a crack: scaled down here, which also drops where it was taken. */
async function smaller(picture: Blob, most: number): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  for (let side = 2048; side >= 512; side /= 2) {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const made = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    if (made.size <= most) return made;
  }
  throw new Error("too large");
}
