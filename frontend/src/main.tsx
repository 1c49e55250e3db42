// First of all: the styles of pages and components build on these.
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/header.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { en } from "./i18n/en";
import { I18nProvider, type Texts } from "./i18n/I18n";
import { initialLanguage } from "./i18n/language";
import { loadMessages } from "./i18n/messages";
import { loadTracing } from "./telemetry/loader";

void loadTracing();

// A new page starts at its top; going back is left to the browser.
window.addEventListener("pushState", () => window.scrollTo(0, 0));

void initialTexts().then(render);

async function initialTexts(): Promise<Texts> {
  const language = initialLanguage();
  try {
    return { language, messages: await loadMessages(language) };
  } catch {
    return { language: "en", messages: en };
  }
}

function render(texts: Texts): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(
    <StrictMode>
      <I18nProvider initial={texts}>
        <App />
      </I18nProvider>
    </StrictMode>,
  );
}
