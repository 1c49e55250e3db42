import { Route, Switch } from "wouter-preact";
import { usePathname, useSearch } from "wouter-preact/use-browser-location";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { Footer } from "./components/Footer";
import { Header } from "./components/Header";
import { lazy } from "./components/lazy";
import { Page } from "./components/Page";
import { PageFailed } from "./components/PageFailed";
import { Skeleton } from "./components/Skeleton";
import { useTexts } from "./i18n/I18n";
import { commonTexts } from "./i18n/texts/common";
import { SearchPage } from "./pages/SearchPage";

const LibraryPage = lazy(() => import("./pages/LibraryPage"), PageLoading);
const ReaderPage = lazy(() => import("./pages/ReaderPage"), PageLoading);
const TracesPage = lazy(() => import("./pages/TracesPage"), PageLoading);
const NotFoundPage = lazy(() => import("./pages/NotFoundPage"), PageLoading);
const TracePage = lazy(() => import("./pages/TracePage"), PageLoading);
const ComparePage = lazy(() => import("./pages/ComparePage"), PageLoading);

export function App() {
  const query = useSearch();
  const address = usePathname() + query;
  const other = new URLSearchParams(query).get("with");
  return (
    <>
      <Header />
      <ErrorBoundary resetKey={address} fallback={(error) => <PageFailed error={error} />}>
        <Switch>
          <Route path="/" component={SearchPage} />
          <Route path="/library" component={LibraryPage} />
          <Route path="/read/:id">{({ id }) => <ReaderPage key={id} id={id} />}</Route>
          <Route path="/traces" component={TracesPage} />
          <Route path="/traces/:traceId">
            {({ traceId }) =>
              other ? (
                <ComparePage key={`${traceId} ${other}`} first={traceId} second={other} />
              ) : (
                <TracePage key={traceId} traceId={traceId} />
              )
            }
          </Route>
          <Route component={NotFoundPage} />
        </Switch>
      </ErrorBoundary>
      <Footer />
    </>
  );
}

function PageLoading() {
  const t = useTexts(commonTexts);
  return (
    <Page title={t.loading}>
      <Skeleton rows={8} label={t.loading} />
    </Page>
  );
}
