// Reads [[formula, display], ...] from the input; writes what KaTeX refuses, as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const katex = createRequire(`${process.argv[2]}/`)("katex");
const problems = [];
for (const [formula, displayMode] of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    katex.renderToString(formula, { displayMode, strict: "error", throwOnError: true });
  } catch (error) {
    problems.push(`${error.message} in: ${formula}`);
  }
}
process.stdout.write(JSON.stringify(problems));
