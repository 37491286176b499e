/** Small pieces that every view uses. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./api";

const PATHS = {
  send: "M12 19V5M6 11l6-6 6 6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 9h.01",
  check: "M5 12.5l4.5 4.5L19 7.5",
  shield: "M12 3l7 3v5.5c0 4.3-2.9 7.6-7 9.5-4.1-1.9-7-5.2-7-9.5V6zM9 12l2.2 2.2L15.2 10",
  broken: "M12 3l7 3v5.5c0 4.3-2.9 7.6-7 9.5-4.1-1.9-7-5.2-7-9.5V6zM9.5 9.5l5 5M14.5 9.5l-5 5",
  copy: "M9 9h10v11H9zM5 15V4h10",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a6.8 6.8 0 0 0 10.5 10.5z",
  half: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 3.5v17M12 8h6.5M12 12h8.3M12 16h6.5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  back: "M15 5l-7 7 7 7",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.4v.1",
  truck: "M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19a1.8 1.8 0 1 0 0-3.6A1.8 1.8 0 0 0 7 19zM17.5 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  page: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  again: "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6",
  load: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  up: "M12 20V9M7 13.5l5-5 5 5M5 4h14",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
  undo: "M9 7L4 12l5 5M4 12h10a5.5 5.5 0 0 1 0 11",
  pen: "M4 20l1-4L16.5 4.5l3 3L8 19zM14.5 6.5l3 3",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7v5l3.5 2",
  globe: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c3 2.6 3 14.4 0 17M12 3.5c-3 2.6-3 14.4 0 17",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  plus: "M12 5v14M5 12h14",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** 明 is a sun and a moon. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <circle cx="9.2" cy="16" r="3.9" fill="var(--on-accent)" />
      <path d="M20 14.5A8.5 8.5 0 1 1 9.5 4a6.8 6.8 0 0 0 10.5 10.5z" transform="translate(12.3 7) scale(.72)" fill="var(--on-accent)" />
    </svg>
  );
}

export function Notice({ tone, icon, children }: { tone?: "bad" | "warn" | "good"; icon?: IconName; children: ComponentChildren }) {
  return (
    <div class={`notice ${tone ?? ""}`} role={tone === "bad" ? "alert" : "status"}>
      {icon && <Icon name={icon} />}
      <div>{children}</div>
    </div>
  );
}

/** What went wrong, and what to do next. */
export function Trouble({ problem }: { problem: Problem }) {
  return (
    <Notice tone="bad" icon="warn">
      {problem.what} {problem.next}
    </Notice>
  );
}

export function Wait({ label }: { label: string }) {
  return (
    <div class="middle" role="status">
      <div class="spin" />
      <span class="hidden">{label}</span>
    </div>
  );
}

/** Takes files: dropped on it, or chosen after a click. `label` names it for those who do not see it. */
export function DropZone({ icon, label, accept, many = false, take, children }: {
  icon: IconName;
  label: string;
  accept?: string;
  many?: boolean;
  take: (files: File[]) => void;
  children: ComponentChildren;
}) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        class="hidden"
        type="file"
        tabIndex={-1}
        multiple={many}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          take([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = ""; // the same file may be chosen again
        }}
      />
      <button
        type="button"
        class={`drop ${over ? "over" : ""}`}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const dropped = [...(event.dataTransfer?.files ?? [])];
          take(many ? dropped : dropped.slice(0, 1));
        }}
      >
        <Icon name={icon} />
        {children}
      </button>
    </>
  );
}

/** A modal: Escape and a click beside it close it, and the focus goes back to where it was. */
export function Sheet({ label, close, children, kind = "" }: { label: string; close: () => void; children: ComponentChildren; kind?: string }) {
  const at = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const sheet = at.current;
    sheet?.showModal();
    return () => sheet?.close();
  }, []);
  return (
    <dialog
      ref={at}
      class={kind}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === at.current && close()}
    >
      {children}
    </dialog>
  );
}
