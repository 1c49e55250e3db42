import { plural } from "../english";

const en = {
  unreachableTitle: "The server cannot be reached",
  unreachableText: "It may be restarting. The page goes on by itself once it is back.",
  offlineTitle: "You are offline",
  offlineText: "The page goes on by itself once your device has a connection.",
  asking: "Asking the server…",
  nextTry: (count: number, shown: string) =>
    `Trying again in ${shown} ${plural(count, { one: "second", other: "seconds" })}`,
  tryNow: "Try now",
  tryAgain: "Try again",
  errorStatus: (status: number) => `Status ${status}`,
  unknownText:
    "The server’s answer is none that this page knows. The page may be older than the server: load it again.",
};

const ja: typeof en = {
  unreachableTitle: "サーバーに接続できません",
  unreachableText: "再起動中かもしれません。復旧すると自動的に再開します。",
  offlineTitle: "オフラインです",
  offlineText: "ネットワークに接続すると自動的に再開します。",
  asking: "サーバーに確認しています…",
  nextTry: (_, shown) => `${shown} 秒後に再試行します`,
  tryNow: "今すぐ再試行",
  tryAgain: "再試行",
  errorStatus: (status) => `ステータス ${status}`,
  unknownText:
    "サーバーの応答を解釈できませんでした。ページがサーバーより古い可能性があります。再読み込みしてください。",
};

export const errorsTexts = { en, ja };
