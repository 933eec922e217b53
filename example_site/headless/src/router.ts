/** Addresses and screens: history, titles, focus, and what is said when one fails. */
import { Refusal } from "./api";
import { fill, h } from "./elements";
import { say, shell } from "./shell";
import { failure } from "./trouble";

export interface Secret {
  code: string;
  token: string;
}
export interface Place {
  params: string[];
  query: URLSearchParams;
  /** From a mailed link; gone from the address before anything else happens. */
  secret: Secret | null;
}
export interface Screen {
  title: string;
  body: Node;
  /** Takes a change of the query alone, so that focus and scrolling stay. */
  update?: (query: URLSearchParams) => void;
}
export type Show = (place: Place) => Promise<Screen> | Screen;
export type Route = [pattern: RegExp, show: Show];

let routes: Route[] = [];
let current: { path: string; screen: Screen } | null = null;
let visit = 0;
let shown = "";

export function start(table: Route[]): void {
  routes = table;
  history.scrollRestoration = "manual";
  document.addEventListener("click", follow);
  addEventListener("popstate", () => {
    // A jump within the page, such as past the header, asks for nothing.
    if (address() !== shown || location.hash.includes("/")) void show({ back: true });
  });
  void show({ first: true });
}

export function go(address: string, { replace = false } = {}): void {
  remember();
  history[replace ? "replaceState" : "pushState"]({}, "", address);
  void show({});
}

function address(): string {
  return location.pathname + location.search;
}

function remember(): void {
  history.replaceState({ ...history.state, top: scrollY }, "");
}

function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest?.("a");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
  const sameSpot = link.pathname === location.pathname && link.search === location.search;
  if (sameSpot && link.hash) return;
  event.preventDefault();
  go(link.href);
}

/** `#<code>/<token>` must not stay in the address bar, the history or a shared screen. */
function takeSecret(): Secret | null {
  const [code, token, more] = location.hash.slice(1).split("/");
  if (!code || !token || more !== undefined) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return { code, token };
}

async function show({ back = false, first = false }): Promise<void> {
  const secret = takeSecret();
  const path = location.pathname;
  const query = new URLSearchParams(location.search);
  shown = address();
  if (current?.path === path && current.screen.update && !secret) {
    current.screen.update(query);
    return;
  }
  const turn = ++visit;
  shell.busy(true);
  let screen: Screen;
  try {
    screen = await screenFor(path, query, secret);
  } catch (error) {
    const again = () => void show({});
    screen = failure(error, again);
    if (!(error instanceof Refusal)) console.warn(error);
  }
  if (turn !== visit) return;
  current = { path, screen };
  shell.busy(false);
  document.title = screen.title === shell.name ? shell.name : `${screen.title} – ${shell.name}`;
  fill(shell.main, screen.body);
  shell.mark(path);
  settle({ back, first, title: screen.title });
}

async function screenFor(path: string, query: URLSearchParams, secret: Secret | null) {
  for (const [pattern, show] of routes) {
    const match = pattern.exec(path);
    if (match) return show({ params: match.slice(1), query, secret });
  }
  throw new Refusal(404, "not_found", "There is nothing here.");
}

/** A reader of the screen lands on the heading, as after loading a page. */
function settle({ back, first, title }: { back: boolean; first: boolean; title: string }): void {
  scrollTo({ top: back ? Number(history.state?.top ?? 0) : 0, behavior: "instant" });
  if (first) return;
  const heading = shell.main.querySelector<HTMLElement>("h1") ?? shell.main;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  say(title);
}

export function link(address: string, text: string, props: Record<string, string> = {}) {
  return h("a", { href: address, ...props }, text);
}
