/**
 * Opens the query editor in Chromium, runs the first tab's operation and takes a picture in each
 * colour scheme: `node screenshot.mjs URL FOLDER`. Fails when the page asked any other address
 * for anything, wrote an error to the console, or got no data.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node screenshot.mjs URL FOLDER");
  process.exit(2);
}
const { host, hostname } = new URL(url);
const TIMEOUT_MS = 60_000;

/** Every problem that the page shows goes into `problems`; what would leave the host is stopped. */
async function watch(page, problems) {
  await page.route("**/*", (route) => {
    const target = new URL(route.request().url());
    if (target.host === host || target.protocol === "data:") return route.continue();
    problems.push(`asked for ${target}`);
    return route.abort();
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) problems.push(`opened ${socket.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
}

/** Runs the open tab's operation and returns the response as it was received. */
async function runOperation(page) {
  const answered = page.waitForResponse(
    (response) =>
      response.request().method() === "POST" &&
      !response.request().postData()?.includes("IntrospectionQuery"),
  );
  await page.getByRole("button", { name: /^Execute query/ }).click();
  const response = await answered;
  await page.locator(".result-window", { hasText: '"data"' }).waitFor();
  return response.json();
}

async function picture(browser, colorScheme) {
  const problems = [];
  const page = await browser.newPage({ colorScheme, viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(TIMEOUT_MS);
  await watch(page, problems);
  await page.goto(url);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  // The reload icon turns until the schema is there.
  await page.locator(".graphiql-sidebar .graphiql-spin").waitFor({ state: "detached" });
  const { data, errors } = await runOperation(page);
  if (!data || errors) problems.push(`answer: ${JSON.stringify(errors ?? data)}`);
  await page.screenshot({ path: join(folder, `graphiql-${colorScheme}.png`) });
  await page.close();
  return problems.map((problem) => `${colorScheme}: ${problem}`);
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    // Whatever the browser itself might want to look up has no address either.
    `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${hostname}`,
  ],
});
try {
  const problems = [];
  for (const scheme of ["light", "dark"]) problems.push(...(await picture(browser, scheme)));
  for (const problem of problems) console.error(problem);
  console.log(problems.length > 0 ? "failed" : `pictures are in ${folder}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  await browser.close();
}
