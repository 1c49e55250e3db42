// First, since the styles of pages and components build on these.
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/header.css";

import { render } from "preact";
import { App } from "./App";
import { I18nProvider } from "./i18n/I18n";
import { initialLanguage } from "./i18n/language";
import { loadTracing } from "./telemetry/loader";
import { applyTheme, chosenTheme } from "./theme";

applyTheme(chosenTheme());
void loadTracing();

// A new page starts at its top. When going back, the browser restores the position.
window.addEventListener("pushState", () => window.scrollTo(0, 0));

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
render(
  <I18nProvider initial={initialLanguage()}>
    <App />
  </I18nProvider>,
  root,
);
