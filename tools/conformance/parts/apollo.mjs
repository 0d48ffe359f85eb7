/** Apollo Client as docs/clients.md sets it up: normalised cache, APQ, multipart. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gql } from "@apollo/client";
import { check, dataOf, ENDPOINT, finish, makeQuest, pause, TOKEN } from "../lib/part.mjs";
import { generate, load, writeApplication } from "../lib/page.mjs";

const folder = await writeApplication("apollo");
await generate(folder);
const app = await load(folder, [
  "apollo.ts",
  "service.ts",
  "operations.ts",
  "sha256.ts",
  "errors.ts",
]);
const { apollo, AcceptQuest, CompleteQuest, CreateQuest, done, QuestChanged, Quests, Standing } =
  app;
app.keepToken(TOKEN);

/** What went over the wire, newest last. */
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

for (let left = 4; left > 0; left -= 1) await makeQuest(`Apollo ${left}`);
const page = { query: Quests, variables: { first: 2 } };
const cached = () => apollo.readQuery(page).quests;
const nodes = () => cached().edges.map(({ node }) => node);

await check(
  "automatic persisted queries: the hash alone, then the text, then the hash",
  async () => {
    // A document of its own, so that the service cannot know it yet.
    const query = gql`query ${`Fresh${Date.now()}`} { __typename }`;
    sent.length = 0;
    await apollo.query({ query, fetchPolicy: "network-only" });
    await apollo.query({ query, fetchPolicy: "network-only" });
    const shapes = sent.map(({ body }) => [
      Boolean(body.query),
      Boolean(body.extensions?.persistedQuery),
    ]);
    assert.deepEqual(shapes, [
      [false, true],
      [true, true],
      [false, true],
    ]);
    const { sha256Hash } = sent[0].body.extensions.persistedQuery;
    assert.equal(sha256Hash, createHash("sha256").update(sent[1].body.query).digest("hex"));
  },
);

await check("a page, normalised by its ids", async () => {
  const { data } = await apollo.query(page);
  assert.deepEqual(
    data.quests.edges.map(({ node }) => node.title),
    ["Apollo 1", "Apollo 2"],
  );
  const [{ id }] = nodes();
  assert.equal(apollo.cache.extract()[`Quest:${id}`].title, "Apollo 1");
});

await check("fetchMore joins the pages", async () => {
  const list = apollo.watchQuery(page);
  await list.fetchMore({ variables: { after: cached().pageInfo.endCursor } });
  assert.deepEqual(
    nodes().map(({ title }) => title),
    ["Apollo 1", "Apollo 2", "Apollo 3", "Apollo 4"],
  );
});

await check("a mutation's payload changes the list without a refetch", async () => {
  const { id } = nodes()[0];
  const { data } = await apollo.mutate({ mutation: AcceptQuest, variables: { id } });
  assert.deepEqual(done(data.acceptQuest).errors, []);
  assert.equal(nodes()[0].status, "ACTIVE");
});

await check("`query` in the payload refreshes what else the mutation touched", async () => {
  const before = (await apollo.query({ query: Standing })).data.gamification.coins;
  const { id } = nodes()[0];
  const { data } = await apollo.mutate({ mutation: CompleteQuest, variables: { id } });
  assert.equal(nodes()[0].status, "COMPLETED");
  const after = apollo.readQuery({ query: Standing }).gamification.coins;
  // An achievement may pay on top of the quest's own reward.
  assert.ok(after >= before + data.completeQuest.award.coins, `${before} ${after}`);
});

await check("an error in the payload is an exception that a form can show", async () => {
  const { data } = await apollo.mutate({
    mutation: CreateQuest,
    variables: { input: { title: "" } },
  });
  assert.throws(
    () => done(data.createQuest),
    (error) => error instanceof app.Refused && error.at("title").length > 0,
  );
});

await check("a top-level error has a code", async () => {
  app.keepToken(undefined);
  const { error } = await apollo.query({
    query: Standing,
    fetchPolicy: "network-only",
    errorPolicy: "all",
  });
  app.keepToken(TOKEN);
  assert.equal(app.codeOf(error.errors[0]), "UNAUTHENTICATED");
});

await check("a subscription over multipart HTTP, and it changes the cache", async () => {
  const { id } = nodes()[1];
  const events = [];
  const following = apollo
    .subscribe({ query: QuestChanged })
    .subscribe((event) => events.push(event));
  await pause(1_000);
  await dataOf("mutation ($id: ID!) { acceptQuest(input: { id: $id }) { quest { id } } }", { id });
  for (let left = 50; left > 0 && events.length === 0; left -= 1) await pause(100);
  following.unsubscribe();
  assert.equal(events[0]?.error, undefined);
  assert.equal(events[0]?.data.questChanged.event, "quest.accepted");
  assert.equal(nodes()[1].status, "ACTIVE");
  // The first request may name a hash that the service does not know yet.
  const stream = sent.findLast(({ accept }) => accept?.includes("subscriptionSpec"));
  assert.match(stream.contentType, /^multipart\/mixed/);
});

await check("a subscription resumes by `since`", async () => {
  const read = (variables) =>
    new Promise((resolve, reject) => {
      const following = apollo.subscribe({ query: QuestChanged, variables }).subscribe({
        next: ({ data, error }) => {
          following.unsubscribe();
          if (error) reject(error);
          else resolve(data.questChanged);
        },
        error: reject,
      });
    });
  const first = read({});
  await pause(1_000);
  await makeQuest("Before the break");
  const { seq } = await first;
  const missed = await makeQuest("Missed");
  assert.equal((await read({ since: seq })).questId, missed);
});

await check("@defer: the first part comes early, the rest follows", async () => {
  const query = gql`
    query Deferred {
      quests(first: 1) {
        totalCount
      }
      ... @defer {
        viewer {
          user {
            id
            email
          }
        }
      }
    }
  `;
  sent.length = 0;
  const states = await new Promise((resolve, reject) => {
    const seen = [];
    apollo.watchQuery({ query, fetchPolicy: "network-only" }).subscribe({
      next: ({ data, dataState, error }) => {
        if (error) reject(error);
        if (data) seen.push([dataState, Boolean(data.viewer)]);
        if (dataState === "complete") resolve(seen);
      },
      error: reject,
    });
  });
  assert.match(sent.at(-1).contentType, /^multipart\/mixed/);
  assert.deepEqual(states.at(-1), ["complete", true]);
  assert.deepEqual(states[0], ["streaming", false]);
});

await check("@stream: a list grows", async () => {
  const query = gql`
    query Streamed {
      quests(first: 4) {
        nodes @stream(initialCount: 1) {
          id
          title
        }
      }
    }
  `;
  const { data } = await apollo.query({ query, fetchPolicy: "network-only" });
  assert.equal(data.quests.nodes.length, 4);
});

apollo.stop();
finish();
