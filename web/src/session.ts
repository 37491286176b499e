/** Who asks: this browser may hold a customer's session (counter) and one of the shop's people (desk) side by side. */
import { signal } from "@preact/signals";
import { get, post, Problem, remove } from "./api";

export interface Session {
  scope: "customer" | "staff" | "owner" | "engineer";
  shop: string;
  customer: string;
  expires: string;
}
export interface Sessions {
  desk: Session | null;
  counter: Session | null;
}

export const sessions = signal<Sessions | null>(null);
/** Why nobody could be found out: the service is not there. */
export const absent = signal<Problem | null>(null);

export async function look(): Promise<void> {
  try {
    sessions.value = await get<Sessions>("/v1/session");
    absent.value = null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    absent.value = problem;
  }
}

export async function enter(by: { once: string } | { key: string } | { counter: true; shop: string }): Promise<Session> {
  const session = await post<Session>("/v1/session", by);
  await look();
  return session;
}

/** As a visitor; where the service has several shops, the address says which: `/?shop=tea`. */
export function visit(): Promise<Session> {
  return enter({ counter: true, shop: new URLSearchParams(location.search).get("shop") ?? "" });
}

export async function leave(which: "desk" | "counter"): Promise<void> {
  await remove(`/v1/session?which=${which}`);
  await look();
}
