/** The API, with the types its own schema gives it, and its refusals as errors. */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema";

type Shapes = components["schemas"];
export type Brief = Shapes["Brief"];
export type Campaign = Shapes["Campaign"];
export type CampaignItem = Shapes["CampaignItem"];
export type Content = Shapes["Content"];
export type Idea = Shapes["Submission"];
export type IdeaItem = Shapes["SubmissionItem"];
export type Own = Shapes["OwnSubmission"];
export type Picture = Shapes["Picture"];
export type Preview = Shapes["Preview"];
export type Problem = Shapes["Problem"];
export type Reach = Shapes["Reach"];
export type Sent = Shapes["Sent"];

/** The API said no: why for people, why for programs, and what is wrong with which field. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: { field: string; message: string }[] = [],
    /** Seconds until trying again makes sense, where the API said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }
}

/** No answer came, so nobody knows whether anything was done. */
export class Unreachable extends Error {}

export let api: Client<paths>;

export function connect(baseUrl: string): void {
  api = createClient<paths>({
    baseUrl,
    // Who somebody is says the token, never a cookie.
    credentials: "omit",
    headers: { Accept: "application/json" },
  });
}

export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What was asked for. Throws {@link Refusal} or {@link Unreachable}. */
export async function get<T>(asking: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asking;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable("No answer came.");
  }
  if (answer.data !== undefined) return answer.data;
  throw refusal(answer.response, answer.error);
}

function refusal({ status, headers }: Response, body: unknown): Refusal {
  const problem = isProblem(body) ? body : null;
  const detail = problem?.detail ?? `The server answers with an error (${status}).`;
  const seconds = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  return new Refusal(
    status,
    problem?.code ?? "unknown",
    detail,
    problem?.errors ?? [],
    Number.isNaN(seconds) ? null : seconds,
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** A file as the multipart body the schema asks for. */
export function asForm(body: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) if (value !== "") form.append(name, value);
  return form;
}
