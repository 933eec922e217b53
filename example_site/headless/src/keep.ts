/** What this browser remembers: unsent words, keys of one's own ideas, an order. */
export interface Draft {
  content: Record<string, unknown>;
  claim: string;
  /** Key of the request that is, or was, on its way, and the body it belongs to. */
  sending?: { key: string; body: string };
  changed: string;
}
export interface Key {
  token: string;
  title: string;
  kept: string;
}

const PREFIX = "open-calls:";
const memory = new Map<string, string>();

function read<T>(name: string, otherwise: T): T {
  let text: string | null | undefined;
  try {
    text = localStorage.getItem(PREFIX + name);
  } catch {
    text = memory.get(name);
  }
  try {
    return text ? (JSON.parse(text) as T) : otherwise;
  } catch {
    return otherwise;
  }
}

/** Where the browser refuses storage, it lasts as long as the page. */
function write(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  memory.set(name, text);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // it is in the memory of the page
  }
}

export function draftOf(brief: number): Draft | null {
  return read<Draft | null>(`draft:${brief}`, null);
}

export function keepDraft(brief: number, draft: Omit<Draft, "changed"> | null): void {
  write(`draft:${brief}`, draft && { ...draft, changed: new Date().toISOString() });
  const others = read<number[]>("drafts", []).filter((id) => id !== brief);
  write("drafts", draft ? [brief, ...others] : others);
}

export function drafts(): { brief: number; draft: Draft }[] {
  return read<number[]>("drafts", []).flatMap((brief) => {
    const draft = draftOf(brief);
    return draft ? [{ brief, draft }] : [];
  });
}

export function keys(): Record<string, Key> {
  return read<Record<string, Key>>("keys", {});
}

export function keepKey(code: string, token: string, title = ""): void {
  const known = keys();
  const kept = new Date().toISOString();
  write("keys", { ...known, [code]: { token, title: title || known[code]?.title || "", kept } });
}

export function forgetKey(code: string): void {
  const { [code]: _gone, ...others } = keys();
  write("keys", others);
}

/** A random word that gives this visitor an order of their own; it says nothing of them. */
export function seed(): string {
  const known = read("seed", "");
  if (known) return known;
  const made = crypto.randomUUID();
  write("seed", made);
  return made;
}

/** What is chosen for comparing, until the tab is closed. */
export function chosen(brief: number): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(`${PREFIX}chosen:${brief}`) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function keepChosen(brief: number, codes: string[]): void {
  try {
    sessionStorage.setItem(`${PREFIX}chosen:${brief}`, JSON.stringify(codes));
  } catch {
    // the boxes are still ticked
  }
}
