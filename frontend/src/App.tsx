import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { usePathname, useSearch } from "wouter/use-browser-location";
import { Boundary } from "./components/Boundary";
import { Footer } from "./components/Footer";
import { Header } from "./components/Header";
import { late } from "./components/late";
import { PageFailed } from "./components/PageFailed";
import { PageLoading } from "./components/PageLoading";
import { SearchPage } from "./pages/SearchPage";

const LibraryPage = lazy(() => import("./pages/LibraryPage"));
const ReaderPage = lazy(() => import("./pages/ReaderPage"));
const TracesPage = lazy(() => import("./pages/TracesPage"));
const NotFoundPage = lazy(() => import("./pages/NotFoundPage"));
const TracePage = late(() => import("./pages/TracePage"));
const ComparePage = lazy(() => import("./pages/ComparePage"));

export function App() {
  const query = useSearch();
  const address = usePathname() + query;
  const other = new URLSearchParams(query).get("with");
  return (
    <>
      <Header />
      <Boundary of={address} fallback={(error) => <PageFailed error={error} />}>
        <Suspense fallback={<PageLoading />}>
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
        </Suspense>
      </Boundary>
      <Footer />
    </>
  );
}
