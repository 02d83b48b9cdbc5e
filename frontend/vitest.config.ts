import { defineConfig } from "vitest/config";

export default defineConfig({
  // The build of Lit for browsers, not the one for Node.
  resolve: { conditions: ["browser"] },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
    server: { deps: { inline: [/lit/] } },
    // Lit's development build, which finds mistakes, says so in each file.
    onConsoleLog: (log) => !log.includes("Lit is in dev mode"),
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: [["text", { skipFull: true, maxCols: 140 }]],
      thresholds: { lines: 95, branches: 95, functions: 95, statements: 95 },
    },
  },
});
