/** Errors as callers get them: RFC 9457, with a type for each code of the errors table. */
import type { ErrorCode, GuardError } from '../errors.ts';
import { escapeJson } from '../report/json-document.ts';

export interface Problem {
  /** `urn:sluice:problem:version-unknown`: stable, one for each code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What, and where. */
  readonly detail: string;
  /** What to do about it. */
  readonly hint: string;
}

export const problemType = 'application/problem+json';
const prefix = 'urn:sluice:problem:';

export function toProblem(error: GuardError): Problem {
  const { code, status, message, hint } = error;
  return { type: `${prefix}${code}`, title: titleOf(code), status, detail: message, hint };
}

/** What went wrong inside is for the log: it could tell of other callers. */
export const bug: Problem = {
  type: `${prefix}bug`,
  title: 'Bug',
  status: 500,
  detail: 'This is a bug in Sluice.',
  hint: 'Please report it, with the request and the log of the service.',
};

export function renderProblem(problem: Problem): string {
  return escapeJson(JSON.stringify(problem));
}

export function problemTypeOf(code: ErrorCode): string {
  return `${prefix}${code}`;
}

/** `version-unknown` → `Version unknown`. */
function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Seconds after which it is worth to ask again; undefined where the answer would be the same. */
export function retryAfterOf(status: number): number | undefined {
  return { 429: 10, 503: 5 }[status];
}
