/** Starts and stops the service with data of its own, as a user would. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const START_MS = 180_000;
const STOP_MS = 30_000;

/** The command, which `make setup` installs. */
export const QUESTLINE = process.env.QUESTLINE ?? join(ROOT, ".venv/bin/questline");

/**
 * A folder for data that nothing else uses. The database's own user has to reach into it. Those of
 * parts lie in the runner's, which is removed at the end in any case.
 */
export function makeHome() {
  const shared = existsSync("/var/tmp") ? "/var/tmp" : tmpdir();
  return mkdtempSync(join(process.env.CONFORMANCE_HOME ?? shared, "questline-conformance-"));
}

export function removeHome(home) {
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
}

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGTERM")));

/**
 * Starts `questline serve` on a free port and resolves once it tells where it is.
 *
 * @param {string} home folder of its data; two services may share one
 * @param {Record<string, string>} settings further variables
 */
export async function startService(home, settings = {}) {
  // What the caller's shell says of another database must not reach this one.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("QUESTLINE") && name !== "DATABASE_URL",
  );
  const child = spawn(QUESTLINE, ["serve"], {
    cwd: home,
    env: {
      ...Object.fromEntries(inherited),
      QUESTLINE_HOME: home,
      QUESTLINE_PORT: "0",
      QUESTLINE_DEMO: "true",
      QUESTLINE_LOG_FORMAT: "json",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const service = { child, url: "", token: "", output: "" };
  const told = new Promise((resolve, reject) => {
    const read = (chunk) => {
      service.output += chunk;
      const address = service.output.match(/^GraphiQL: (\S+)$/m);
      const token = service.output.match(/^Token of the demo user: (\S+)$/m);
      if (address && token) {
        service.url = address[1];
        service.token = token[1];
        resolve();
      }
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", (chunk) => (service.output += chunk));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the service ended with code ${code}`)));
  });
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
  try {
    await told;
  } catch (error) {
    throw new Error(`${error.message}\n${service.output.slice(-3000)}`);
  } finally {
    clearTimeout(late);
  }
  return service;
}

/** Ends the service in good order; by force when it takes too long. */
export async function stopService({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(late);
}
