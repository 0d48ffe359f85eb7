/** urql as docs/clients.md sets it up: Graphcache, APQ, server-sent events. */
import assert from "node:assert/strict";
import { gql } from "@urql/core";
import { check, dataOf, finish, makeQuest, pause, TOKEN } from "../lib/part.mjs";
import { generate, load, writeApplication } from "../lib/page.mjs";

// What Graphcache complains about (values without a key, unknown fields) is a failure here.
const warnings = [];
console.warn = (...words) => warnings.push(words.join(" "));
const complaints = [];
console.error = (...words) => complaints.push(words.join(" "));

const folder = await writeApplication("urql");
await generate(folder);
const app = await load(folder, ["urql.ts", "service.ts", "operations.ts", "errors.ts"]);
const { AcceptQuest, CompleteQuest, done, QuestChanged, Quests, Standing, urql } = app;
app.keepToken(TOKEN);

const sent = [];
const plainFetch = globalThis.fetch;
globalThis.fetch = async (address, options) => {
  const response = await plainFetch(address, options);
  sent.push({
    body: options?.body ? JSON.parse(options.body) : {},
    accept: new Headers(options?.headers).get("accept"),
    contentType: response.headers.get("content-type"),
  });
  return response;
};

async function ok(promise) {
  const { data, error } = await promise;
  if (error) throw error;
  return data;
}

for (let left = 4; left > 0; left -= 1) await makeQuest(`urql ${left}`);
const network = { requestPolicy: "network-only" };
const cacheOnly = { requestPolicy: "cache-only" };
const cached = async () =>
  (await ok(urql.query(Quests, { first: 2 }, cacheOnly).toPromise())).quests;
const nodes = async () => (await cached()).edges.map(({ node }) => node);

await check("an ordinary request gets JSON although urql takes event streams too", async () => {
  sent.length = 0;
  await ok(urql.query(Standing, {}, network).toPromise());
  assert.match(sent.at(-1).accept, /text\/event-stream/);
  assert.match(sent.at(-1).contentType, /^application\/graphql-response\+json/);
});

await check(
  "automatic persisted queries: the hash alone, then the text, then the hash",
  async () => {
    const query = gql(`query Fresh${Date.now()} { __typename }`);
    sent.length = 0;
    await ok(urql.query(query, {}, network).toPromise());
    await ok(urql.query(query, {}, network).toPromise());
    const shapes = sent.map(({ body }) => [
      Boolean(body.query),
      Boolean(body.extensions?.persistedQuery),
    ]);
    assert.deepEqual(shapes, [
      [false, true],
      [true, true],
      [false, true],
    ]);
  },
);

await check("a page, then from the cache", async () => {
  const { quests } = await ok(urql.query(Quests, { first: 2 }).toPromise());
  assert.deepEqual(
    quests.edges.map(({ node }) => node.title),
    ["urql 1", "urql 2"],
  );
  sent.length = 0;
  assert.equal((await nodes()).length, 2);
  assert.equal(sent.length, 0);
});

await check("relayPagination joins the pages", async () => {
  const { endCursor } = (await cached()).pageInfo;
  await ok(urql.query(Quests, { first: 2, after: endCursor }).toPromise());
  const titles = (await nodes()).map(({ title }) => title);
  assert.deepEqual(titles, ["urql 1", "urql 2", "urql 3", "urql 4"]);
});

await check("a mutation's payload changes the list without a refetch", async () => {
  const [{ id }] = await nodes();
  const { acceptQuest } = await ok(urql.mutation(AcceptQuest, { id }).toPromise());
  done(acceptQuest);
  assert.equal((await nodes())[0].status, "ACTIVE");
});

await check("`query` in the payload refreshes what else the mutation touched", async () => {
  const before = (await ok(urql.query(Standing, {}).toPromise())).gamification.coins;
  const [{ id }] = await nodes();
  const { completeQuest } = await ok(urql.mutation(CompleteQuest, { id }).toPromise());
  assert.equal((await nodes())[0].status, "COMPLETED");
  const after = (await ok(urql.query(Standing, {}, cacheOnly).toPromise())).gamification.coins;
  assert.ok(after >= before + completeQuest.award.coins, `${before} ${after}`);
});

await check("a subscription over server-sent events, and it changes the cache", async () => {
  const { id } = (await nodes())[1];
  const told = [];
  const following = urql.subscription(QuestChanged, {}).subscribe((event) => told.push(event));
  await pause(1_000);
  await dataOf("mutation ($id: ID!) { acceptQuest(input: { id: $id }) { quest { id } } }", { id });
  for (let left = 50; left > 0 && told.length === 0; left -= 1) await pause(100);
  following.unsubscribe();
  assert.equal(told[0]?.error, undefined);
  assert.equal(told[0]?.data.questChanged.event, "quest.accepted");
  assert.equal((await nodes())[1].status, "ACTIVE");
  assert.match(sent.at(-2).contentType, /^text\/event-stream/);
});

await check("@defer comes in parts", async () => {
  const query = gql(`
    query Deferred {
      quests(first: 1) { totalCount }
      ... @defer { viewer { user { id email } } }
    }
  `);
  const states = await new Promise((resolve) => {
    const seen = [];
    urql.query(query, {}, network).subscribe(({ data, error, hasNext }) => {
      seen.push([Boolean(data?.viewer), hasNext, error?.message]);
      if (!hasNext) resolve(seen);
    });
  });
  assert.deepEqual(states.at(-1), [true, false, undefined]);
  assert.deepEqual(states[0], [false, true, undefined]);
});

await check("a top-level error has a code", async () => {
  app.keepToken(undefined);
  const { error } = await urql.query(Standing, {}, network).toPromise();
  app.keepToken(TOKEN);
  assert.equal(app.codeOf(error.graphQLErrors[0]), "UNAUTHENTICATED");
});

await check("values without an id are cached inside what holds them", async () => {
  const query = gql(`
    query Values {
      gamification { streaks { type current } }
      nextAchievement { progress target achievement { id name } }
    }
  `);
  const first = await ok(urql.query(query, {}).toPromise());
  assert.deepEqual(await ok(urql.query(query, {}, cacheOnly).toPromise()), first);
});

await check("Graphcache has nothing to complain about", async () => {
  assert.deepEqual([...warnings, ...complaints], []);
});

finish();
