import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import { useI18n, useTexts } from "../i18n/I18n";
import { pagerTexts } from "../i18n/texts/pager";
import { Icon } from "./Icon";
import "../styles/pager.css";

interface PagerProps {
  label: string;
  /** From 1. */
  page: number;
  pages: number;
  addressOf(page: number): string;
  /** Stored in the history entry of the other page. */
  state?: unknown;
}

export function Pager({ label, page, pages, addressOf, state }: PagerProps) {
  const t = useTexts(pagerTexts);
  const { format } = useI18n();
  const step = (to: number, rel: "prev" | "next", content: ComponentChildren) =>
    to >= 1 && to <= pages ? (
      // The types of `Link` lack `rel`, which it passes on like all attributes.
      <Link {...{ rel }} href={addressOf(to)} state={state} className="button" onClick={toTheTop}>
        {content}
      </Link>
    ) : (
      <span />
    );
  const back = (
    <>
      <Icon name="back" /> {t.previous}
    </>
  );
  const on = (
    <>
      {t.next} <Icon name="arrow" />
    </>
  );
  return (
    <nav className="pager" aria-label={label}>
      {step(page - 1, "prev", back)}
      <span className="quiet">{t.pageOf(format.number(page), format.number(pages))}</span>
      {step(page + 1, "next", on)}
    </nav>
  );
}

/** Moves the focus to the top of the new page. */
function toTheTop() {
  document.getElementById("content")?.focus({ preventScroll: true });
}
