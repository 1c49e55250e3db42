import type { ProblemType } from "../../api/problem";

/** What the reader can do about a problem, by its type or its status. */
const en = {
  "/docs#invalid-request": "The address contains a value that the server does not accept.",
  "/docs#empty-query": "Enter at least one word.",
  "/docs#query-too-long": "The query is too long. The limit is 1,000 characters.",
  "/docs#control-characters":
    "The query contains invisible control characters. Type the query instead of pasting it.",
  "/docs#no-letter-or-digit": "The query contains no letter or digit. Add a word.",
  "/docs#no-such-book": "The library does not contain this book. It may have been removed.",
  "/docs#search-busy": "Too many searches are waiting. Try again in a moment.",
  "/docs#no-such-trace":
    "The trace has not arrived yet, or it was deleted to make room for newer traces.",
  "/docs#trace-store-off":
    "This server does not store traces. It sends them to the configured OpenTelemetry endpoint.",
  "/docs#trace-store-busy":
    "The traces cannot be read at the moment. Search still works. Try again in a moment.",
  404: "The server has nothing at this address.",
  414: "The address is too long. Use a shorter query or fewer filters.",
  421: "The server does not accept requests for this host name. Its administrator can allow it.",
  429: "The server received too many requests. Wait a moment and try again.",
  431: "The browser’s request headers are too large. Clearing this site’s cookies may help.",
  500: "An error occurred on the server. The server’s log has the details under the trace ID.",
  502: "The server is not responding.",
  503: "The server is not ready.",
  504: "The server took too long to respond.",
} satisfies Record<Exclude<ProblemType, "about:blank">, string> & Record<number, string>;

const ja: typeof en = {
  "/docs#invalid-request": "サーバーが受け付けない値がアドレスに含まれています。",
  "/docs#empty-query": "検索する単語を 1 つ以上入力してください。",
  "/docs#query-too-long": "検索語が長すぎます。1,000 文字以内で入力してください。",
  "/docs#control-characters":
    "検索語に目に見えない制御文字が含まれています。貼り付けずに入力し直してください。",
  "/docs#no-letter-or-digit": "検索語に文字も数字もありません。単語を追加してください。",
  "/docs#no-such-book": "この本は蔵書にありません。削除された可能性があります。",
  "/docs#search-busy": "多くの検索が順番を待っています。しばらくしてからもう一度お試しください。",
  "/docs#no-such-trace":
    "トレースがまだ届いていないか、新しいトレースのために削除された可能性があります。",
  "/docs#trace-store-off":
    "このサーバーはトレースを保存していません。設定された OpenTelemetry エンドポイントへ送信しています。",
  "/docs#trace-store-busy":
    "現在トレースを読み込めません。検索は通常どおり使えます。しばらくしてからもう一度お試しください。",
  404: "このアドレスには何もありません。",
  414: "アドレスが長すぎます。検索語を短くするか、条件を減らしてください。",
  421: "サーバーはこのホスト名へのリクエストを受け付けていません。管理者が許可できます。",
  429: "リクエストが多すぎます。しばらく待ってからもう一度お試しください。",
  431: "ブラウザーの送るヘッダーが大きすぎます。このサイトの Cookie を削除すると解決することがあります。",
  500: "サーバーでエラーが発生しました。詳細は、トレース ID とともにサーバーのログに記録されています。",
  502: "サーバーが応答していません。",
  503: "サーバーの準備ができていません。",
  504: "サーバーの応答に時間がかかりすぎています。",
};

export const problemTexts = { en, ja };
