/**
 * Runs every part against a service that it starts itself, and prints one table:
 * `node run.mjs [PART ...]`. Ends with 0 when all passed, 1 when anything failed,
 * 3 when nothing failed but a part could not be tried.
 */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeHome, QUESTLINE, removeHome, startService, stopService } from "./lib/service.mjs";

const PART_MS = 300_000;
const PARTS = [
  "graphql-http",
  "graphql-ws",
  "graphql-sse",
  "codegen",
  "eslint",
  "relay",
  "apollo",
  "urql",
  "clients-page",
  "graphql-cop",
  "descriptions",
  "graphiql",
];

function chosenParts(names) {
  const unknown = names.filter((name) => !PARTS.includes(name));
  if (unknown.length > 0) {
    console.error(`No such part: ${unknown.join(", ")}. Parts: ${PARTS.join(", ")}.`);
    process.exit(2);
  }
  return names.length > 0 ? PARTS.filter((name) => names.includes(name)) : PARTS;
}

/** Runs a part in a process of its own and resolves with its report. */
function runPart(name, service, home) {
  console.log(`\n${name}`);
  return new Promise((resolve) => {
    const report = { passed: 0, failed: [], skipped: [], notes: [] };
    const child = fork(new URL(`parts/${name}.mjs`, import.meta.url), [], {
      env: {
        ...process.env,
        CONFORMANCE_URL: service.url,
        CONFORMANCE_TOKEN: service.token,
        CONFORMANCE_HOME: home,
        NODE_NO_WARNINGS: "1",
      },
    });
    running = child;
    let told = false;
    const late = setTimeout(() => child.kill("SIGTERM"), PART_MS);
    child.on("message", (message) => {
      Object.assign(report, message);
      told = true;
    });
    child.on("exit", (code, signal) => {
      clearTimeout(late);
      if (!told)
        report.failed.push({ name: "the part itself", why: `ended with ${signal ?? code}` });
      resolve({ name, ...report });
    });
  });
}

function table(rows) {
  const cells = rows.map(({ name, passed, failed, skipped, notes }) => [
    name,
    String(passed),
    String(failed.length),
    [
      ...failed.map((each) => `FAILED ${each.name}`),
      ...skipped.map((each) => `SKIPPED ${each.name}: ${each.why}`),
      ...notes,
    ].join("; "),
  ]);
  const head = ["check", "passed", "failed", "notes"];
  const widths = head.map((title, column) =>
    column === 3 ? 0 : Math.max(title.length, ...cells.map((row) => row[column].length)),
  );
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join(" | ");
  const rule = [...widths.slice(0, 3), 5].map((width) => "-".repeat(width)).join("-|-");
  return [line(head), rule, ...cells.map(line)].join("\n");
}

let running;
let service;
let home;

async function end() {
  running?.kill("SIGTERM");
  if (service) await stopService(service);
  if (home) removeHome(home);
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => void end().finally(() => process.exit(130)));
}

const parts = chosenParts(process.argv.slice(2));
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Missing: Node 20.19 or newer; this is ${process.versions.node}. NOTHING WAS CHECKED.`,
  );
  process.exit(2);
}
if (!existsSync(QUESTLINE)) {
  console.error(`Missing: ${QUESTLINE}. Get it with: make setup`);
  process.exit(2);
}
const rows = [];
try {
  home = makeHome();
  console.log("Starting the service with data of its own ...");
  // The parts send more from one address than any person would.
  service = await startService(home, {
    QUESTLINE_RATE_LIMIT_ADDRESS: "0",
    QUESTLINE_RATE_LIMIT_VIEWER: "0",
  });
  console.log(`It is at ${service.url}`);
  for (const name of parts) rows.push(await runPart(name, service, home));
} finally {
  await end();
}

const failed = rows.flatMap((row) => row.failed);
const skipped = rows.flatMap((row) => row.skipped);
const passed = rows.reduce((sum, row) => sum + row.passed, 0);
console.log(`\n${table(rows)}\n`);
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
if (failed.length > 0) {
  const log = new URL("build/service.log", import.meta.url);
  mkdirSync(new URL(".", log), { recursive: true });
  writeFileSync(log, service.output);
  console.log(`What the service logged is in ${fileURLToPath(log)}`);
}
if (skipped.length > 0) console.log("SKIPPED parts were not tried; they are not passed.");
process.exitCode = failed.length > 0 ? 1 : skipped.length > 0 ? 3 : 0;
