import type { ViteUserConfig } from 'vitest/config';

/** CI counts the tests from the JSON report; everybody else reads the terminal. */
const reporters = process.env['CI'] === undefined ? ['default'] : ['default', 'json'];

const config: ViteUserConfig = {
  // Warnings are about others' source maps.
  logLevel: 'error',
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/no-network.ts'],
    reporters,
    outputFile: { json: '.cache/tests.json' },
    maxWorkers: 2,
    // A busy machine is no failure.
    testTimeout: 180_000,
    // It imports JSON without saying so, which Node refuses.
    server: { deps: { inline: ['@actions/workflow-parser'] } },
  },
};

export default config;
