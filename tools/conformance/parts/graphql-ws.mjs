/** The client of graphql-ws over graphql-transport-ws: all operations, refusals, resuming. */
import assert from "node:assert/strict";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { CREATE, FOLLOW, next, VIEWER } from "../lib/operations.mjs";
import { AUTHORIZATION, check, finish, makeQuest, pause, SOCKET_URL } from "../lib/part.mjs";

function client(authorization = AUTHORIZATION, options = {}, closings = []) {
  return createClient({
    url: SOCKET_URL,
    webSocketImpl: WebSocket,
    connectionParams: authorization ? { Authorization: authorization } : {},
    lazy: true,
    retryAttempts: 0,
    on: { closed: (event) => closings.push(event.code) },
    ...options,
  });
}

async function only(from, request) {
  const answers = [];
  for await (const answer of from.iterate(request)) answers.push(answer);
  assert.equal(answers.length, 1);
  return answers[0];
}

async function refusal(from, request) {
  try {
    await only(from, request);
  } catch (error) {
    return error;
  }
  throw new Error("the operation was not refused");
}

// Kept open between operations, so that a close is the server's doing.
const closings = [];
const shared = client(AUTHORIZATION, { lazyCloseTimeout: 20_000 }, closings);

await check("a query", async () => {
  const { data } = await only(shared, { query: VIEWER });
  assert.match(data.viewer.user.email, /@/);
});

await check("a mutation with variables", async () => {
  const { data } = await only(shared, {
    query: CREATE,
    variables: { input: { title: "By socket" } },
  });
  assert.equal(data.createQuest.quest.title, "By socket");
});

await check("a subscription receives events as they happen", async () => {
  const events = shared.iterate({ query: FOLLOW });
  const first = next(events);
  await pause(700);
  const id = await makeQuest("Seen by socket");
  const { data } = await first;
  assert.deepEqual([data.questChanged.event, data.questChanged.quest.id], ["quest.created", id]);
  await events.return();
});

await check("a subscription resumes by `since`, without a gap or a repetition", async () => {
  const events = shared.iterate({ query: FOLLOW });
  const first = next(events);
  await pause(700);
  await makeQuest("Before the break");
  const { seq } = (await first).data.questChanged;
  await events.return();
  const missed = [await makeQuest("Missed 1"), await makeQuest("Missed 2")];
  const again = client();
  const resumed = again.iterate({ query: FOLLOW, variables: { since: seq } });
  const seen = [await next(resumed), await next(resumed)].map(({ data }) => data.questChanged);
  assert.deepEqual(
    seen.map(({ quest }) => quest.id),
    missed,
  );
  assert.ok(seen[0].seq > seq && seen[1].seq > seen[0].seq);
  await resumed.return();
  await again.dispose();
});

await check("an operation that does not validate ends alone", async () => {
  const refused = await refusal(shared, { query: "{ nothing }" });
  assert.equal(refused[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  const unread = await refusal(shared, { query: "{" });
  assert.equal(unread[0].extensions.code, "GRAPHQL_PARSE_FAILED");
  const misfit = await refusal(shared, { query: FOLLOW, variables: { since: "x" } });
  assert.equal(misfit[0].extensions.code, "BAD_USER_INPUT");
  const { data } = await only(shared, { query: VIEWER });
  assert.ok(data.viewer);
  assert.deepEqual(closings, [], "the socket was closed");
});

await check("two streams share a socket and end one by one", async () => {
  const one = shared.iterate({ query: FOLLOW });
  const two = shared.iterate({ query: FOLLOW });
  const ones = next(one);
  const twos = next(two);
  await pause(700);
  await makeQuest("Seen twice");
  assert.equal((await ones).data.questChanged.seq, (await twos).data.questChanged.seq);
  await one.return();
  const later = next(two);
  await makeQuest("Seen once");
  assert.equal((await later).data.questChanged.quest.title, "Seen once");
  await two.return();
});

await check("a wrong token closes the socket with 4403", async () => {
  const closed = await refusal(client("Bearer wrong"), { query: VIEWER });
  assert.equal(closed.code, 4403);
});

await check("without a token the operation is refused, and the socket stays", async () => {
  const closed = [];
  const nobody = client(null, { lazyCloseTimeout: 5_000 }, closed);
  const refused = await only(nobody, { query: VIEWER });
  assert.equal(refused.errors[0].extensions.code, "UNAUTHENTICATED");
  const { data } = await only(nobody, { query: "{ __typename }" });
  assert.equal(data.__typename, "Query");
  assert.deepEqual(closed, []);
  await nobody.dispose();
});

await check("the legacy subprotocol is not spoken", async () => {
  const socket = new WebSocket(SOCKET_URL, "graphql-ws");
  const ending = await new Promise((resolve) => {
    socket.on("close", (code) => resolve(code));
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
    socket.on("error", () => {});
    socket.on("open", () => resolve("open"));
  });
  socket.terminate();
  assert.ok([400, 403, 4406].includes(ending), `ended with ${ending}`);
});

await shared.dispose();
finish();
