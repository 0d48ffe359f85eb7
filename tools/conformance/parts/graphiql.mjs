/**
 * The query editor in headless Chromium with every outside address blocked: both colour schemes, an
 * operation, an error, a subscription, tabs, headers and plugins. Pictures go to build/pictures.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { check, ENDPOINT, finish, makeQuest, note, skip, TOKEN } from "../lib/part.mjs";
import { ROOT } from "../lib/service.mjs";

const PICTURES = fileURLToPath(new URL("../build/pictures/", import.meta.url));
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const { host, hostname } = new URL(ENDPOINT);

/** A fresh visitor's page; `problems` takes whatever must not happen. */
async function visit(browser, colorScheme) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const problems = [];
  page.setDefaultTimeout(25_000);
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
  await page.goto(ENDPOINT);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  // The reload icon turns until the schema is there.
  await page.locator(".graphiql-sidebar .graphiql-spin").waitFor({ state: "detached" });
  return { page, problems };
}

const picture = (page, name) => page.screenshot({ path: join(PICTURES, `${name}.png`) });
const execute = (page) => page.getByRole("button", { name: /^Execute query/ }).click();
const result = (page) => page.locator(".result-window");
const tabs = (page) => page.getByRole("tab");
/** Opens a tab, and waits as a reader would: the editor takes a moment to know its operation. */
async function openTab(page, name) {
  await page.getByRole("tab", { name, exact: true }).click();
  await page.locator(".graphiql-query-editor .view-line", { hasText: name }).first().waitFor();
  await page.waitForTimeout(1_000);
}

/** Replaces the text of an editor as a person would. */
async function write(page, selector, text) {
  await page.locator(`${selector} .view-lines`).first().click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

async function examine(browser) {
  for (const scheme of ["light", "dark"]) {
    await check(
      `the page, ${scheme}: an operation runs, and nothing is asked from outside`,
      async () => {
        const { page, problems } = await visit(browser, scheme);
        const answered = page.waitForResponse(
          (response) =>
            response.request().method() === "POST" &&
            !response.request().postData()?.includes("IntrospectionQuery"),
        );
        await execute(page);
        const { data, errors } = await (await answered).json();
        assert.equal(errors, undefined);
        assert.ok(data.viewer.user && data.habits.nodes.length > 0);
        await result(page).filter({ hasText: '"viewer"' }).waitFor();
        const background = await page.locator(".graphiql-container").evaluate((element) =>
          getComputedStyle(element)
            .backgroundColor.match(/[\d.]+/g)
            .map(Number),
        );
        const brightness = background.slice(0, 3).reduce((sum, part) => sum + part, 0) / 3;
        assert.equal(brightness > 128, scheme === "light", `background ${background}`);
        await picture(page, `page-${scheme}`);
        assert.deepEqual(problems, []);
        await page.context().close();
      },
    );
  }

  const { page, problems } = await visit(browser, "light");

  await check("the tabs are the examples", async () => {
    const files = readdirSync(join(ROOT, "app/static/examples")).filter((file) =>
      file.endsWith(".graphql"),
    );
    const names = files.sort().map((file) => file.replace(/^\d+-|\.graphql$/g, ""));
    assert.deepEqual(
      (await tabs(page).allInnerTexts()).map((text) => text.trim()),
      names,
    );
  });

  await check("the headers carry the demo user's token", async () => {
    await page.getByRole("button", { name: "Headers", exact: true }).click();
    await page.locator(".graphiql-editor-tool", { hasText: "Authorization" }).waitFor();
    assert.ok(
      (await page.locator(".graphiql-editor-tool").innerText()).includes(TOKEN.slice(0, 20)),
    );
    await picture(page, "headers");
  });

  await check("the token is not in the browser's storage", async () => {
    await execute(page);
    await result(page).filter({ hasText: '"viewer"' }).waitFor();
    const stored = await page.evaluate(() =>
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    );
    assert.ok(stored.includes("questline:"));
    assert.ok(!stored.includes(TOKEN.slice(3)));
  });

  await check("the documentation explorer shows descriptions", async () => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    const docs = page.locator(".graphiql-plugin");
    await docs.getByText("one service for many apps").waitFor();
    await docs.getByRole("link", { name: "Query", exact: true }).first().click();
    await docs.getByText("The signed-in user.").waitFor();
    await picture(page, "docs");
  });

  await check("the history lists what was run", async () => {
    await page.getByRole("button", { name: "Show History" }).click();
    await page.locator(".graphiql-history-item", { hasText: "LookAtTheDay" }).first().waitFor();
    await picture(page, "history");
  });

  await check("the explorer builds a query by clicks", async () => {
    await openTab(page, "PageThroughQuests");
    await page.getByRole("button", { name: /Show GraphiQL Explorer/i }).click();
    const explorer = page.locator(".graphiql-plugin");
    await explorer.getByText("nextAchievement").first().click();
    await page
      .locator(".graphiql-query-editor .view-line", { hasText: "nextAchievement" })
      .first()
      .waitFor();
    await picture(page, "explorer");
    await page.getByRole("button", { name: /Hide GraphiQL Explorer/i }).click();
  });

  await check("a morning is played tab by tab", async () => {
    /** Plays the open tab; the payload, or the root object, that its answer begins with. */
    const answer = async (name) => {
      const answered = page.waitForResponse((each) => each.request().method() === "POST");
      await execute(page);
      const { data, errors } = await (await answered).json();
      assert.equal(errors, undefined, name);
      await result(page).filter({ hasText: '"data"' }).waitFor();
      const [told] = Object.values(data);
      assert.deepEqual(told.errors ?? [], [], name);
      await picture(page, `morning-${name}`);
      return told;
    };
    const play = async (name) => {
      await openTab(page, name);
      return answer(name);
    };
    assert.equal((await play("CompleteHabit")).habit.isDoneToday, true);
    assert.equal((await play("StartFocus")).session.status, "ACTIVE");
    assert.equal((await play("PauseFocus")).session.status, "PAUSED");
    assert.equal((await play("ResumeFocus")).session.status, "ACTIVE");
    const { session, query } = await play("CompleteFocus");
    assert.equal(session.status, "COMPLETED");
    const { id } = query.universalQuests.find(({ key }) => key === "daily_focus");
    await openTab(page, "ClaimUniversalQuest");
    await page.getByRole("button", { name: "Variables", exact: true }).click();
    await write(page, ".graphiql-editor-tool", JSON.stringify({ id }));
    await page.waitForTimeout(1_000);
    const claimed = (await answer("ClaimUniversalQuest")).universalQuest;
    assert.equal(claimed.myProgress.status, "CLAIMED");
    assert.equal((await play("CompleteMilestone")).goal.status, "COMPLETED");
    assert.equal((await play("UncompleteHabit")).habit.isDoneToday, false);
    assert.equal((await play("CompleteHabit")).habit.isDoneToday, true);
    assert.ok((await play("LookBack")).gamification.coins > 0);
  });

  await check("a mistake is shown with its code", async () => {
    await openTab(page, "CreateQuest");
    await write(page, ".graphiql-query-editor", "{ nothing }");
    await execute(page);
    await result(page).filter({ hasText: "GRAPHQL_VALIDATION_FAILED" }).waitFor();
    await picture(page, "error");
  });

  await check("a subscription shows an event of a quest that is made elsewhere", async () => {
    await openTab(page, "FollowQuests");
    const opened = page.waitForEvent("websocket");
    await execute(page);
    await opened;
    await page.getByRole("button", { name: /^Stop query/ }).waitFor();
    await page.waitForTimeout(1_000);
    const title = `Seen in the editor ${Date.now()}`;
    await makeQuest(title);
    await result(page).filter({ hasText: title }).waitFor();
    await picture(page, "subscription");
    await page.getByRole("button", { name: /^Stop query/ }).click();
    await page.getByRole("button", { name: /^Execute query/ }).waitFor();
  });

  await check("@defer is shown part by part", async () => {
    await page.getByRole("button", { name: "New tab" }).click();
    await write(
      page,
      ".graphiql-query-editor",
      "{ quests(first: 1) { totalCount } ... @defer { viewer { user { email } } } }",
    );
    await page.waitForTimeout(1_000);
    await execute(page);
    await result(page).filter({ hasText: '"email"' }).waitFor();
    assert.ok((await result(page).innerText()).includes("totalCount"));
    await picture(page, "defer");
  });

  await check("nothing went wrong on the way, and nothing was asked from outside", async () => {
    // The browser itself notes a refused operation's status as an error of the console.
    const others = problems.filter((problem) => !/status of 4\d\d/.test(problem));
    assert.deepEqual(others, []);
  });
  await page.context().close();
  note(`pictures in ${PICTURES.replace(ROOT, "")}`);
}

const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));
if (!executablePath) {
  skip(
    "all of it",
    "Chromium is missing; install it (Debian: apt-get install chromium) or set CHROMIUM",
  );
  finish();
} else {
  mkdirSync(PICTURES, { recursive: true });
  const browser = await chromium.launch({
    executablePath,
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
    await examine(browser);
  } finally {
    await browser.close();
  }
  finish();
}
