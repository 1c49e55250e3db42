import { Route, Switch } from "wouter-preact";
import { usePathname, useSearch } from "wouter-preact/use-browser-location";
import { Boundary } from "./components/Boundary";
import { Footer } from "./components/Footer";
import { Header } from "./components/Header";
import { late } from "./components/late";
import { PageFailed } from "./components/PageFailed";
import { PageLoading } from "./components/PageLoading";
import { SearchPage } from "./pages/SearchPage";

const LibraryPage = late(() => import("./pages/LibraryPage"), PageLoading);
const ReaderPage = late(() => import("./pages/ReaderPage"), PageLoading);
const TracesPage = late(() => import("./pages/TracesPage"), PageLoading);
const NotFoundPage = late(() => import("./pages/NotFoundPage"), PageLoading);
const TracePage = late(() => import("./pages/TracePage"), PageLoading);
const ComparePage = late(() => import("./pages/ComparePage"), PageLoading);

export function App() {
  const query = useSearch();
  const address = usePathname() + query;
  const other = new URLSearchParams(query).get("with");
  return (
    <>
      <Header />
      <Boundary of={address} fallback={(error) => <PageFailed error={error} />}>
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
      </Boundary>
      <Footer />
    </>
  );
}
