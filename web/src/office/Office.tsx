/** The owner's view: one part at a time, each with its own lead. */
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { part, stay } from "../route";
import { Data } from "./Data";
import { Figures } from "./Figures";
import { Find } from "./Find";
import { Keys } from "./Keys";
import { LimitsOf } from "./Limits";
import "./office.css";
import { People } from "./People";
import { Places } from "./Places";
import { Policy } from "./Policy";
import { Quality } from "./Quality";
import { HouseStyle } from "./HouseStyle";
import { said } from "./words";

const PARTS: Record<string, ComponentType> = {
  data: Data, search: Find, quality: Quality, figures: Figures, places: Places, policy: Policy, people: People, keys: Keys,
  limits: LimitsOf, style: HouseStyle,
};

export function Office() {
  const t = said();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const bar = nav.current;
    if (!bar) return;
    const shown = () => bar.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    shown();
    const turned = new ResizeObserver(shown); // also after the phone was turned
    turned.observe(bar);
    return () => turned.disconnect();
  }, [part.value]);
  const name = PARTS[part.value] ? part.value : "data";
  const Part = PARTS[name] as ComponentType;
  return (
    <main class="office" id="main">
      <nav ref={nav} aria-label={t.title}>
        {Object.keys(PARTS).map((each) => (
          <a key={each} {...stay("office", each)} aria-current={each === name ? "page" : undefined}>
            {t.parts[each]}
          </a>
        ))}
      </nav>
      <div class="part" key={name} data-part={name}>
        <header>
          <h1>{t.parts[name]}</h1>
          <p class="soft">{t.leads[name]}</p>
        </header>
        <Part />
      </div>
    </main>
  );
}
