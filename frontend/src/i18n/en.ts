import { pluralOf } from "./plural";

const plural = pluralOf("en");

const books = (count: number, shown: string) =>
  `${shown} ${plural(count, { one: "book", other: "books" })}`;
const spans = (count: number, shown: string) =>
  `${shown} ${plural(count, { one: "span", other: "spans" })}`;

export const en = {
  appName: "Gutenberg Explorer",
  skipToContent: "Skip to content",
  navigation: "Main",
  navSearch: "Search",
  navLibrary: "Library",
  navTraces: "Traces",
  language: "Language",

  searchTitle: "Search",
  searchLabel: "Search the books",
  searchButton: "Search",
  searchPlaceholder: "A word or a few",
  welcomeTitle: "Search inside the great books",
  welcomeText:
    "Every search reads whole books from Project Gutenberg, and becomes one distributed trace: you see the passages it found and, beside them, where its time went.",
  tryOne: "Try one:",
  examples: ["love", "whale", "time", "death", "hope"],
  searching: (query: string) => `Searching for “${query}”…`,
  found: (count: number, shown: string, query: string) => `${books(count, shown)} for “${query}”`,
  onlyBest: (shown: string) => `The best ${shown} are shown.`,
  results: "Results",
  score: "Score",
  unknownAuthor: "Unknown author",
  nothingTitle: (query: string) => `Nothing found for “${query}”`,
  nothingText:
    "Very common words (“the”, “and”) and words of fewer than three letters are not searched. Try another word, or one of these:",

  errorTitle: "The search did not work",
  unreachableTitle: "The server cannot be reached",
  unreachableText: "It may be restarting. Try again in a moment.",
  offlineTitle: "You are offline",
  offlineText: "Search again once your device has a connection.",
  errorStatus: (status: number) => `Status ${status}`,
  tryAgain: "Try again",
  loadFailed: "This could not be loaded",

  panelTitle: "This search as a trace",
  openTrace: "Open trace",
  traceId: "Trace ID",
  showWaterfall: "Show the waterfall",
  hideWaterfall: "Hide the waterfall",
  collectingSpans: "Collecting spans…",
  totalTime: "Total",
  timeSplit: "Where the time went",
  partBrowser: "Browser",
  partNetwork: "Network",
  partServer: "Server",
  partSearch: "Search",
  traceLateTitle: "The trace has not arrived",
  traceLateText: "The search worked, but its spans did not reach the trace store within 5 seconds.",
  tracePartial: "Some spans of this search have not arrived yet.",
  storeOffTitle: "Traces are kept elsewhere",
  storeOffText:
    "This server stores no traces itself: it sends them to the OpenTelemetry endpoint it is configured with. Look the trace up there by its ID.",
  traceFailed: "The trace could not be read.",

  waterfall: "Trace waterfall",
  columnSpan: "Span",
  columnTime: "Time",
  services: "Services",
  expandAll: "Expand all",
  collapseAll: "Collapse all",
  expand: "Expand",
  collapse: "Collapse",
  missingParent: "Missing parent",
  missingParents: (count: number, shown: string) =>
    plural(count, {
      one: "The parent of some spans has not arrived. They are shown under a stand-in.",
      other: `${shown} parents have not arrived. Their children are shown under stand-ins.`,
    }),
  clockSkew: (count: number, shown: string) =>
    plural(count, {
      one: "Two clocks disagree: one part of the trace was shifted into the span that called it.",
      other: `Clocks disagree: ${shown} parts of the trace were shifted into the spans that called them.`,
    }),
  rowService: (service: string) => `service ${service}`,
  rowError: "error",
  rowHiddenError: "error in a hidden span",
  rowShifted: "shifted",

  spanDetails: "Span details",
  closeDetails: "Close the details",
  startOffset: "Start",
  duration: "Duration",
  service: "Service",
  kind: "Kind",
  status: "Status",
  statusOk: "No error",
  statusError: "Error",
  spanId: "Span ID",
  parentId: "Parent ID",
  shiftedBy: (duration: string) => `Shifted by ${duration}: the clocks differ.`,
  attributes: "Attributes",
  events: "Events",
  links: "Links",
  resource: "Resource",
  none: "None",
  missingParentText: "This span never arrived; only its children are known.",

  tracesTitle: "Traces",
  tracesText: "The latest traces in the local store: searches, page requests and start-ups.",
  allServices: "All services",
  filterService: "Service",
  refresh: "Refresh",
  columnTrace: "Trace",
  columnStarted: "Started",
  columnSpans: "Spans",
  columnDuration: "Duration",
  spans,
  errors: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "error", other: "errors" })}`,
  noTracesTitle: "No traces yet",
  noTracesText: "Make a search, and its trace will appear here.",
  goSearch: "Go to search",
  traceNotFoundTitle: "No such trace",
  traceNotFoundText:
    "It may not have arrived yet, or the store may have dropped it to make room for newer ones.",
  backToTraces: "All traces",

  libraryTitle: "Library",
  libraryText: (count: number, shown: string, words: string) =>
    `${books(count, shown)}, ${words} words: this is what a search reads.`,
  columnTitle: "Title",
  columnAuthor: "Author",
  columnYear: "Year",
  columnWords: "Words",
  loading: "Loading…",

  notFoundTitle: "This page is not on our shelves",
  notFoundText: "The address leads nowhere. The books are still all here.",
};
