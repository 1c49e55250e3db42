import { Link, useLocation } from "wouter-preact";
import { useI18n, useTexts } from "../i18n/I18n";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n/language";
import { commonTexts } from "../i18n/texts/common";

export function Header() {
  const t = useTexts(commonTexts);
  return (
    <header className="header">
      <a className="skip-link" href="#content">
        {t.skipToContent}
      </a>
      <div className="header-inner">
        <Link href="/" className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>{t.appName}</span>
        </Link>
        <Navigation />
        <LanguageSwitch />
      </div>
    </header>
  );
}

function Navigation() {
  const t = useTexts(commonTexts);
  const [path] = useLocation();
  const links = [
    { href: "/", label: t.navSearch, current: path === "/" },
    { href: "/library", label: t.navLibrary, current: path === "/library" },
    { href: "/traces", label: t.navTraces, current: path.startsWith("/traces") },
  ];
  return (
    <nav aria-label={t.navigation}>
      {links.map(({ href, label, current }) => (
        <Link key={href} href={href} aria-current={current ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function LanguageSwitch() {
  const t = useTexts(commonTexts);
  const { language, setLanguage } = useI18n();
  return (
    <fieldset className="language-switch">
      <legend className="visually-hidden">{t.language}</legend>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === language}
          onClick={() => setLanguage(each)}
        >
          {LANGUAGE_NAMES[each]}
        </button>
      ))}
    </fieldset>
  );
}
