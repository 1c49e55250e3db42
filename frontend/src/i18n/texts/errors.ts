import { plural } from "../english";

const en = {
  unreachableTitle: "The server cannot be reached",
  unreachableText:
    "The server may be restarting. The page continues automatically when it is back.",
  offlineTitle: "You are offline",
  offlineText: "The page continues automatically when your device is online.",
  busyTitle: "The server is busy",
  busyText: "Many searches are waiting. The page repeats the search automatically.",
  asking: "Contacting the server…",
  nextTry: (count: number, shown: string) =>
    `Trying again in ${shown} ${plural(count, { one: "second", other: "seconds" })}`,
  tryNow: "Try now",
  tryAgain: "Try again",
  errorStatus: (status: number) => `Status ${status}`,
  unknownText:
    "The page could not read the server’s response. The page may be older than the server. Reload it.",
};

const ja: typeof en = {
  unreachableTitle: "サーバーに接続できません",
  unreachableText: "再起動中かもしれません。復旧すると自動的に再開します。",
  offlineTitle: "オフラインです",
  offlineText: "ネットワークに接続すると自動的に再開します。",
  busyTitle: "サーバーが混み合っています",
  busyText: "多くの検索が順番を待っています。この検索は自動的にやり直されます。",
  asking: "サーバーに確認しています…",
  nextTry: (_, shown) => `${shown} 秒後に再試行します`,
  tryNow: "今すぐ再試行",
  tryAgain: "再試行",
  errorStatus: (status) => `ステータス ${status}`,
  unknownText:
    "サーバーの応答を解釈できませんでした。ページがサーバーより古い可能性があります。再読み込みしてください。",
};

export const errorsTexts = { en, ja };
