import type { ProblemType } from "../../api/problem";

/** What a person can do about a problem, by its type, or by its status where that says enough. */
const en = {
  "/docs#invalid-request": "The address asks for something that the server does not take.",
  "/docs#empty-query": "Type one word or more to search for.",
  "/docs#query-too-long": "This is too long for a search. A thousand characters are the most.",
  "/docs#control-characters":
    "The query holds invisible control characters. Type it instead of pasting it.",
  "/docs#no-letter-or-digit": "The query holds no letter and no digit. Add a word to search for.",
  "/docs#no-such-book": "The library has no such book. It may have been removed.",
  "/docs#no-such-trace": "The trace has not arrived, or was dropped to make room for newer ones.",
  "/docs#trace-store-off":
    "This server keeps no traces. They go to the OpenTelemetry endpoint that it is set to.",
  "/docs#trace-store-busy":
    "The traces cannot be read just now. Searching goes on as usual; try again in a moment.",
  404: "The server has nothing at this address.",
  414: "The address is too long. Ask for less at once.",
  421: "The server does not answer to this address. Whoever runs it can allow it.",
  429: "The server is asked for too much at once. Wait a moment, and try again.",
  431: "The browser sends more headers than the server takes. Clearing this site’s cookies may help.",
  500: "Something went wrong in the server. What it was stands in its log, under the trace’s id.",
  502: "The server does not answer just now.",
  503: "The server is not ready just now.",
  504: "The server takes too long to answer.",
} satisfies Record<Exclude<ProblemType, "about:blank">, string> & Record<number, string>;

const ja: typeof en = {
  "/docs#invalid-request": "アドレスに、サーバーが受け付けられない指定が含まれています。",
  "/docs#empty-query": "検索する単語を 1 つ以上入力してください。",
  "/docs#query-too-long": "検索語が長すぎます。1,000 文字以内で入力してください。",
  "/docs#control-characters":
    "検索語に目に見えない制御文字が含まれています。貼り付けずに入力し直してください。",
  "/docs#no-letter-or-digit": "検索語に文字も数字もありません。検索する単語を加えてください。",
  "/docs#no-such-book": "この本は蔵書にありません。削除された可能性があります。",
  "/docs#no-such-trace":
    "トレースがまだ届いていないか、新しいトレースのために削除された可能性があります。",
  "/docs#trace-store-off":
    "このサーバーはトレースを保存していません。設定された OpenTelemetry エンドポイントへ送信しています。",
  "/docs#trace-store-busy":
    "現在トレースを読み込めません。検索は通常どおり使えます。しばらくしてからもう一度お試しください。",
  404: "このアドレスには何もありません。",
  414: "アドレスが長すぎます。条件を減らしてください。",
  421: "サーバーはこのアドレスでの接続を許可していません。管理者が許可できます。",
  429: "リクエストが多すぎます。しばらく待ってからもう一度お試しください。",
  431: "ブラウザーの送るヘッダーが大きすぎます。このサイトの Cookie を削除すると解決することがあります。",
  500: "サーバーでエラーが発生しました。詳細は、トレース ID とともにサーバーのログに記録されています。",
  502: "サーバーが応答していません。",
  503: "サーバーの準備ができていません。",
  504: "サーバーの応答に時間がかかりすぎています。",
};

export const problemTexts = { en, ja };
