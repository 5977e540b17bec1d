/** What is needed before it is known whether anything has to be judged: quick to load, for most answers are remembered. */
import { defaultPolicy } from '../engine/policy-schema.ts';
import type { Policy } from '../model/policy.ts';
import type { NpmConfigOverrides } from '../registry/load-npm-config.ts';
import type { Registry, RegistryOptions } from '../registry/registry.ts';
import type { Rule } from '../rule.ts';

/** The registries that npm's configuration names, loaded only by those who ask one. */
export async function openRegistry(
  { cwd = process.cwd(), ...overrides }: NpmConfigOverrides & { readonly cwd?: string | undefined } = {},
  options: RegistryOptions = {},
): Promise<Registry> {
  const [{ loadNpmConfig }, { createRegistry }] = await Promise.all([
    import('../registry/load-npm-config.ts'),
    import('../registry/registry.ts'),
  ]);
  return createRegistry(await loadNpmConfig(overrides, { cwd, env: process.env }), options);
}

/** @param file Undefined when there is none: then the defaults hold. */
export async function readPolicy(
  file: { readonly text: string; readonly path: string } | undefined,
  rules: readonly Rule[],
): Promise<Policy> {
  if (file === undefined) return defaultPolicy;
  const { parsePolicy } = await import('../engine/parse-policy.ts');
  return parsePolicy(file.text, file.path, rules);
}
