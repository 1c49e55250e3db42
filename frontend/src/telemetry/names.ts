// The contract's names. Generated from contract.yaml by `make generate`.

export const SERVICE_NAME = "search-frontend";

export type SpanName =
  | "api_request_execute"
  | "frontend_search"
  | "http_request"
  | "parse_response"
  | "prepare_api_request"
  | "process_search_results"
  | "update_ui_final"
  | "update_ui_loading";

export type AttributeName =
  | "book.id"
  | "error.type"
  | "http.request.method"
  | "http.response.status_code"
  | "search.method"
  | "search.query"
  | "search.results_count"
  | "server.address"
  | "server.port"
  | "url.full";
