/** The client of graphql-sse in its distinct-connections mode. */
import assert from "node:assert/strict";
import { createClient } from "graphql-sse";
import { CREATE, FOLLOW, next, VIEWER } from "../lib/operations.mjs";
import { AUTHORIZATION, check, ENDPOINT, finish, makeQuest, pause } from "../lib/part.mjs";

function client(authorization = AUTHORIZATION) {
  return createClient({
    url: ENDPOINT,
    headers: { authorization },
    singleConnection: false,
    retryAttempts: 0,
  });
}

async function all(request, from = shared) {
  const answers = [];
  for await (const answer of from.iterate(request)) answers.push(answer);
  return answers;
}

const shared = client();

await check("a query is one answer and the end", async () => {
  const answers = await all({ query: VIEWER });
  assert.equal(answers.length, 1);
  assert.match(answers[0].data.viewer.user.email, /@/);
});

await check("a mutation with variables", async () => {
  const [{ data }] = await all({ query: CREATE, variables: { input: { title: "By events" } } });
  assert.equal(data.createQuest.quest.title, "By events");
});

await check("a subscription receives events as they happen", async () => {
  const events = shared.iterate({ query: FOLLOW });
  const first = next(events);
  await pause(700);
  const id = await makeQuest("Seen by events");
  const { data } = await first;
  assert.deepEqual([data.questChanged.event, data.questChanged.quest.id], ["quest.created", id]);
  const second = next(events);
  const other = await makeQuest("Seen later");
  assert.equal((await second).data.questChanged.quest.id, other);
  await events.return();
});

await check("a subscription resumes by `since`", async () => {
  const events = shared.iterate({ query: FOLLOW });
  const first = next(events);
  await pause(700);
  await makeQuest("Before the break");
  const { seq } = (await first).data.questChanged;
  await events.return();
  const missed = await makeQuest("Missed");
  const resumed = shared.iterate({ query: FOLLOW, variables: { since: seq } });
  assert.equal((await next(resumed)).data.questChanged.quest.id, missed);
  await resumed.return();
});

await check("a refused operation is told with its code", async () => {
  // The protocol leaves open whether that is a plain HTTP answer or one event.
  const codes = [];
  try {
    for (const { errors } of await all({ query: "subscription { nothing }" })) {
      codes.push(...errors.map(({ extensions }) => extensions.code));
    }
  } catch (error) {
    const body = await error.response.json();
    codes.push(...body.errors.map(({ extensions }) => extensions.code));
  }
  assert.deepEqual(codes, ["GRAPHQL_VALIDATION_FAILED"]);
});

await check("nobody is told to sign in", async () => {
  const answers = await all({ query: FOLLOW }, client("Basic none"));
  assert.equal(answers.at(-1).errors[0].extensions.code, "UNAUTHENTICATED");
});

await check("a plain request that also takes event streams gets JSON", async () => {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept:
        "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
      authorization: AUTHORIZATION,
    },
    body: JSON.stringify({ query: VIEWER }),
  });
  assert.match(response.headers.get("content-type"), /^application\/graphql-response\+json/);
  assert.ok((await response.json()).data.viewer);
});

shared.dispose();
finish();
