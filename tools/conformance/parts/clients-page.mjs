/** The rest of docs/clients.md at work: retries, resuming, persisted and registered documents. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { Client, fetchExchange } from "@urql/core";
import WebSocket from "ws";
import { ask, check, ENDPOINT, finish, makeQuest, pause, TOKEN } from "../lib/part.mjs";
import { generate, load, writeApplication } from "../lib/page.mjs";
import { makeHome, QUESTLINE, removeHome, startService, stopService } from "../lib/service.mjs";

/** Sockets as the page's code opens them, so that their connections can be cut. */
const opened = [];
globalThis.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    opened.push(this);
  }
};

const folder = await writeApplication("clients-page");
await generate(folder);
const app = await load(folder, [
  "service.ts",
  "retry.ts",
  "follow.ts",
  "registered.ts",
  "operations.ts",
]);
app.keepToken(TOKEN);

async function until(true_) {
  for (let left = 100; left > 0; left -= 1) {
    if (true_()) return;
    await pause(100);
  }
  throw new Error("nothing happened within 10 seconds");
}

await check("a call whose answer is lost is repeated and happens once", async () => {
  const plainFetch = globalThis.fetch;
  let calls = 0;
  globalThis.fetch = async (...given) => {
    const response = await plainFetch(...given);
    calls += 1;
    if (calls < 3) throw new TypeError("the answer is lost");
    return response;
  };
  const title = `Once ${Date.now()}`;
  try {
    const { data } = await app.createQuest(title);
    assert.ok(data.createQuest.quest.id);
  } finally {
    globalThis.fetch = plainFetch;
  }
  assert.equal(calls, 3);
  const { data } = await ask("{ quests(first: 100, orderBy: NEWEST) { nodes { title } } }");
  assert.equal(data.quests.nodes.filter((each) => each.title === title).length, 1);
});

await check("a broken connection loses no event and repeats none", async () => {
  const seen = [];
  opened.length = 0;
  const stop = app.follow(undefined, ({ questId }) => seen.push(questId), assert.fail);
  await pause(1_000);
  const expected = [await makeQuest("Before")];
  await until(() => seen.length === 1);
  opened.at(-1).terminate();
  expected.push(await makeQuest("Meanwhile 1"), await makeQuest("Meanwhile 2"));
  await until(() => seen.length >= 3);
  await pause(300);
  stop();
  assert.equal(opened.length, 2);
  assert.deepEqual(seen, expected);
});

await check(
  "RESYNC_REQUIRED asks for everything, and the stream goes on from the present",
  async () => {
    const seen = [];
    let resyncs = 0;
    const stop = app.follow(
      -1,
      ({ questId }) => seen.push(questId),
      () => (resyncs += 1),
    );
    await until(() => resyncs === 1);
    await pause(1_000);
    const id = await makeQuest("After the resync");
    await until(() => seen.length > 0);
    stop();
    assert.deepEqual([seen, resyncs], [[id], 1]);
  },
);

await check("the same uuid with other contents is ID_CONFLICT", async () => {
  const create =
    "mutation ($input: CreateQuestInput!) { createQuest(input: $input) { errors { code } } }";
  const uuid = crypto.randomUUID();
  await app.send(create, { input: { title: "One", uuid } });
  const { data } = await app.send(create, { input: { title: "Other", uuid } });
  assert.deepEqual(data.createQuest.errors, [{ code: "ID_CONFLICT" }]);
});

await check("a cursor of another order is refused", async () => {
  const newest = await ask("{ quests(first: 1, orderBy: NEWEST) { pageInfo { endCursor } } }");
  const after = newest.data.quests.pageInfo.endCursor;
  const { errors } = await ask(
    "query ($after: String) { quests(first: 1, after: $after, orderBy: DEADLINE) { nodes { id } } }",
    { after },
  );
  assert.equal(errors[0].extensions.code, "BAD_USER_INPUT");
});

await check("a top-level error's correlation id is in the header, too", async () => {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{ "query": "{ nothing }" }',
  });
  const { errors } = await response.json();
  assert.equal(response.headers.get("x-correlation-id"), errors[0].extensions.correlationId);
});

// A service of its own, in which only what graphql-codegen wrote may run.
const home = makeHome();
let service;
try {
  const manifest = join(home, "trusted-documents.json");
  execFileSync(QUESTLINE, ["documents", "register", join(folder, "gql"), "--out", manifest], {
    stdio: "pipe",
  });
  service = await startService(home, { QUESTLINE_TRUSTED_DOCUMENTS: manifest });
  const headers = { authorization: `Bearer ${service.token}` };
  const apollo = new ApolloClient({
    link: ApolloLink.from([app.registeredLink, new HttpLink({ uri: service.url, headers })]),
    cache: new InMemoryCache(),
  });
  const urql = new Client({
    url: service.url,
    preferGetMethod: false,
    fetchOptions: { headers },
    exchanges: [app.registeredExchange, fetchExchange],
  });

  await check("registered documents run by Apollo", async () => {
    const { data } = await apollo.query({ query: app.Quests, variables: { first: 1 } });
    assert.equal(data.quests.edges.length, 1);
    const made = await apollo.mutate({
      mutation: app.CreateQuest,
      variables: { input: { title: "Trusted" } },
    });
    assert.equal(made.data.createQuest.quest.title, "Trusted");
  });

  await check("registered documents run by urql", async () => {
    const { data, error } = await urql.query(app.Quests, { first: 1 }).toPromise();
    assert.equal(error, undefined);
    assert.equal(data.quests.edges[0].node.__typename, "Quest");
  });

  await check("no other document runs", async () => {
    const { errors } = await ask("{ __typename }", {}, headers, service.url);
    assert.equal(errors[0].extensions.code, "DOCUMENT_NOT_TRUSTED");
    const unknown = Object.assign(
      gql`
        query Unknown {
          __typename
        }
      `,
      { __meta__: { hash: "0".repeat(64) } },
    );
    await assert.rejects(apollo.query({ query: unknown, fetchPolicy: "network-only" }));
  });
} finally {
  if (service) await stopService(service);
  removeHome(home);
}

finish();
