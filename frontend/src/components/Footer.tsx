import { useState } from "preact/hooks";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { chooseTheme, chosenTheme, THEMES } from "../theme";
import { RadioGroup } from "./RadioGroup";
import "../styles/footer.css";

export function Footer() {
  const t = useTexts(commonTexts);
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <footer className="footer">
      <p>{t.footer}</p>
      <RadioGroup
        label={t.theme}
        name="theme"
        value={theme}
        options={THEMES.map((each) => [each, t.themes[each]])}
        onChange={(chosen) => {
          setTheme(chosen);
          chooseTheme(chosen);
        }}
      />
    </footer>
  );
}
