/** What is said when something did not work, and what can be done about it. */
import { Refusal, Unreachable } from "./api";
import { h } from "./elements";
import type { Screen } from "./router";

const TITLES: Record<number, string> = {
  401: "This key opens nothing",
  404: "Nothing here",
  429: "A little too fast",
};

/** A whole screen for an error; `again` tries what failed. */
export function failure(error: unknown, again: () => void): Screen {
  const title =
    error instanceof Unreachable
      ? "No answer"
      : error instanceof Refusal
        ? (TITLES[error.status] ?? "That did not work")
        : "Something broke";
  const gone = error instanceof Refusal && [401, 404].includes(error.status);
  const body = h(
    "section",
    { class: "trouble" },
    h("h1", {}, title),
    h("p", { class: "lead" }, explain(error)),
    h(
      "p",
      { class: "actions" },
      !gone && h("button", { type: "button", class: "button", click: again }, "Try again"),
      h("a", { href: "/", class: "button button--plain" }, "All calls"),
    ),
  );
  return { title, body };
}

/** One sentence for a person. */
export function explain(error: unknown): string {
  if (error instanceof Unreachable)
    return navigator.onLine
      ? "The site does not answer. Nothing you typed is lost."
      : "You are offline. Nothing you typed is lost.";
  if (error instanceof Refusal) {
    if (error.retryAfter === null) return error.message;
    return `${error.message} (${wait(error.retryAfter)})`;
  }
  return "This is a mistake of ours, not of yours. Please load the page again.";
}

function wait(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (seconds <= 90) return `Again in ${seconds} seconds.`;
  return minutes < 60 ? `Again in ${minutes} minutes.` : `Again at ${clock(seconds)}.`;
}

function clock(seconds: number): string {
  const at = new Date(Date.now() + seconds * 1000);
  return at.toLocaleTimeString("en", { timeStyle: "short" });
}
