/** Timing in one process and the table that every bench prints. Ratios to a peer in the same run; absolutes depend on the machine. */
import { performance } from 'node:perf_hooks';

export interface Timed<T> {
  readonly seconds: number;
  readonly value: T;
}

export async function time<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await work();
  return { seconds: (performance.now() - start) / 1000, value };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
