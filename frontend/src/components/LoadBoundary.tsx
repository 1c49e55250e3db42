import { Component, type ReactNode } from "react";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { ErrorMessage } from "./ErrorMessage";
import { Page } from "./Page";

/** Says so where a part of the page can't be fetched, as after an update of the server. */
export class LoadBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error === null ? this.props.children : <Failed error={error} />;
  }
}

function Failed({ error }: { error: unknown }) {
  const t = useTexts(commonTexts);
  return (
    <Page title={t.loadFailed}>
      <ErrorMessage error={error} title={t.loadFailed} onRetry={() => window.location.reload()} />
    </Page>
  );
}
