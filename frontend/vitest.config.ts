import { defineConfig } from "vitest/config";

const BUILD = "test/bundle.test.ts";

export default defineConfig({
  // Use the build of Lit for browsers, not the one for Node.
  resolve: { conditions: ["browser"] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "cards",
          environment: "happy-dom",
          include: ["test/**/*.test.ts"],
          exclude: [BUILD],
          setupFiles: ["test/setup.ts"],
          // Long, so that no test fails on a busy machine.
          testTimeout: 60_000,
          server: { deps: { inline: [/lit/] } },
        },
      },
      { extends: true, test: { name: "build", environment: "node", include: [BUILD] } },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: [["text", { skipFull: true, maxCols: 140 }]],
      thresholds: { lines: 95, branches: 95, functions: 95, statements: 95 },
    },
  },
});
