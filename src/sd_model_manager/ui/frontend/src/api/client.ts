import createClient from "openapi-fetch";
import type { paths } from "@/api/schema";

/** What the server answered when it refused: a sentence for people, a code for programs, and where it fits, more. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Whether the server could not read a search, as happens in the middle of writing one. */
export function isBadQuery(error: Error | null): error is ApiError {
  return error instanceof ApiError && error.code === "BAD_QUERY";
}

/** No answer came at all: the server is stopped, or the network is down. */
export const UNREACHABLE = "UNREACHABLE";

export const client = createClient<paths>({
  baseUrl: window.location.origin,
  // Taken at the moment of the call: a client that keeps the first `fetch` it saw cannot be observed by tests.
  fetch: (request) => globalThis.fetch(request),
});

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

type Enveloped<T> = T extends { data: infer Inner } ? Inner : undefined;

/** Takes an answer out of its envelope. Raises ApiError when it is a refusal or when none came. */
export async function unwrap<T>(asked: Promise<Answered<T>>): Promise<Enveloped<T>> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("The server does not answer.", UNREACHABLE, 0);
  });
  if (!response.ok) throw toApiError(error, response.status);
  return (data as { data?: Enveloped<T> } | undefined)?.data as Enveloped<T>;
}

function toApiError(body: unknown, status: number): ApiError {
  const failure = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const sentence = typeof failure.error === "string" ? failure.error : `The server answered with status ${status}.`;
  const code = typeof failure.code === "string" ? failure.code : status >= 502 ? UNREACHABLE : "UNKNOWN";
  return new ApiError(sentence, code, status, (failure.details ?? {}) as Record<string, unknown>);
}
