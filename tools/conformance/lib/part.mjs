/** What every part uses: where the service is, named checks, and the report to the runner. */
import { inspect } from "node:util";

export const ENDPOINT = process.env.CONFORMANCE_URL ?? "";
export const TOKEN = process.env.CONFORMANCE_TOKEN ?? "";
export const BASE = ENDPOINT.replace(/\/graphql$/, "");
export const SOCKET_URL = ENDPOINT.replace(/^http/, "ws");
export const AUTHORIZATION = `Bearer ${TOKEN}`;

const indented = (text) =>
  text
    .split("\n")
    .slice(0, 40)
    .map((line) => `        ${line}`)
    .join("\n");

const report = { passed: 0, failed: [], skipped: [], notes: [] };

// What a failed check leaves behind is told, but only checks decide.
process.on("unhandledRejection", (error) =>
  console.log(`  (left behind: ${error?.message ?? error})`),
);

process.on("SIGTERM", () => process.exit(143));
process.on("uncaughtException", (error) => {
  report.failed.push({ name: "the part itself", why: String(error) });
  console.log(`  FAIL  the part itself\n${indented(inspect(error))}`);
  finish();
});

/** Runs one check; an exception is a failure, and the part goes on. */
export async function check(name, run) {
  try {
    await within(60_000, run(), name);
    report.passed += 1;
    console.log(`  ok    ${name}`);
  } catch (error) {
    const why = String(error?.message ?? inspect(error)).trim();
    report.failed.push({ name, why });
    console.log(`  FAIL  ${name}\n${indented(why)}`);
  }
}

/** Names something that could not be tried; it never counts as passed. */
export function skip(name, why) {
  report.skipped.push({ name, why });
  console.log(`  SKIP  ${name}: ${why}`);
}

/** A remark for the table. */
export function note(text) {
  report.notes.push(text);
  console.log(`  note  ${text}`);
}

/** Hands the result over and ends, whatever sockets a client library still holds open. */
export function finish() {
  process.exitCode = report.failed.length > 0 ? 1 : 0;
  if (!process.send) process.exit();
  process.send(report, () => process.exit());
}

/** The promise's value, or an error once so many milliseconds have gone by. */
export async function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: nothing for ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One GraphQL request without any client library; the decoded body. */
export async function ask(query, variables = {}, headers = {}, url = ENDPOINT) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      authorization: AUTHORIZATION,
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The data of a request that must succeed. */
export async function dataOf(query, variables) {
  const { data, errors } = await ask(query, variables);
  if (errors) throw new Error(`request failed: ${inspect(errors, { depth: 5 })}`);
  return data;
}

/** Makes a quest over plain HTTP; its id. */
export async function makeQuest(title) {
  const data = await dataOf(
    `mutation Make($input: CreateQuestInput!) {
      createQuest(input: $input) { quest { id } errors { message } }
    }`,
    { input: { title } },
  );
  return data.createQuest.quest.id;
}
