/** relay-compiler and relay-runtime with the Relay application of docs/clients.md. */
import assert from "node:assert/strict";
import relay from "relay-runtime";
import WebSocket from "ws";
import { check, dataOf, finish, makeQuest, pause, TOKEN } from "../lib/part.mjs";
import { compileRelay, load, tool, writeApplication } from "../lib/page.mjs";

globalThis.WebSocket = WebSocket;
const {
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
  getRefetchMetadata,
  getSelector,
  ConnectionHandler,
  requestSubscription,
} = relay;

const folder = await writeApplication("relay");
await check("relay-compiler accepts the schema and the operations", () => compileRelay(folder));
await check("what it generated is what it would generate", () =>
  tool("relay-compiler", ["relay.config.json", "--validate"], folder),
);
const app = await load(folder, ["relay/quests.ts", "relay/environment.ts", "service.ts"]);
app.keepToken(TOKEN);
const { environment } = app;

const fetched = (query, variables) => fetchQuery(environment, query, variables).toPromise();
/** What a component that reads the list's fragment would get. */
function readList(fragmentRef) {
  return environment.lookup(getSelector(app.list, fragmentRef)).data;
}
const committed = (config) =>
  new Promise((resolve, reject) =>
    commitMutation(environment, { ...config, onCompleted: resolve, onError: reject }),
  );

for (let left = 5; left > 0; left -= 1) await makeQuest(`Relay ${left}`);
const titles = ({ quests }) => quests.edges.map(({ node }) => node.title);
let listRef;

await check("fetchQuery fills the store, and the fragment reads a connection", async () => {
  listRef = await fetched(app.listQuery, { count: 2 });
  const list = readList(listRef);
  assert.deepEqual(titles(list), ["Relay 1", "Relay 2"]);
  assert.equal(list.quests.pageInfo.hasNextPage, true);
  environment.retain(createOperationDescriptor(app.listQuery, { count: 2 }));
});

await check("loading the next pages appends them, as usePaginationFragment does", async () => {
  const { connectionPathInFragmentData, paginationMetadata, paginationRequest } =
    getPaginationMetadata(app.list, "conformance");
  for (const expected of [4, 6]) {
    const list = readList(listRef);
    const { endCursor } = connectionPathInFragmentData.reduce(
      (data, key) => data[key],
      list,
    ).pageInfo;
    const variables = getPaginationVariables(
      "forward",
      2,
      endCursor,
      { count: 2 },
      {},
      paginationMetadata,
    );
    await fetched(paginationRequest, variables);
    assert.equal(readList(listRef).quests.edges.length, expected);
  }
  const all = titles(readList(listRef));
  assert.deepEqual(all.slice(0, 5), ["Relay 1", "Relay 2", "Relay 3", "Relay 4", "Relay 5"]);
});

await check("the fragment's refetch query runs", async () => {
  const { refetchableRequest } = getRefetchMetadata(app.list, "conformance");
  assert.ok(await fetched(refetchableRequest, { count: 1, cursor: null }));
});

await check("an object is found again by its id", async () => {
  const { id } =
    (await fetched(app.listQuery, { count: 6 }), readList(listRef).quests.edges[0].node);
  const { node } = await fetched(app.oneQuery, { id });
  assert.deepEqual([node.id, node.title], [id, "Relay 1"]);
  const nothing = await fetched(app.oneQuery, { id: "nothing" });
  assert.equal(nothing.node, null);
});

const connectionId = () =>
  ConnectionHandler.getConnectionID("client:root", "quests_quests", { orderBy: "NEWEST" });

await check("a mutation prepends to the connection", async () => {
  const { createQuest } = await committed({
    mutation: app.createMutation,
    variables: { input: { title: "Relay 0" }, connections: [connectionId()] },
  });
  assert.deepEqual(createQuest.errors, []);
  assert.equal(titles(readList(listRef))[0], "Relay 0");
});

await check("a mutation's payload changes the object wherever it is shown", async () => {
  const { id } = readList(listRef).quests.edges[1].node;
  await dataOf("mutation ($id: ID!) { acceptQuest(input: { id: $id }) { quest { status } } }", {
    id,
  });
  const { node } = await fetched(app.oneQuery, { id });
  assert.equal(node.status, "ACTIVE");
  assert.equal(readList(listRef).quests.edges[1].node.status, "ACTIVE");
});

await check("a deletion takes the object out of the store", async () => {
  const { id } = readList(listRef).quests.edges[0].node;
  await committed({ mutation: app.deleteMutation, variables: { id } });
  assert.equal(environment.getStore().getSource().getStatus(id), "NONEXISTENT");
});

await check("a subscription writes to the store", async () => {
  const { id } = readList(listRef).quests.edges.find(({ node }) => node?.title === "Relay 3").node;
  const told = new Promise((resolve, reject) => {
    const following = requestSubscription(environment, {
      subscription: app.changedSubscription,
      variables: {},
      onNext: (data) => {
        following.dispose();
        resolve(data);
      },
      onError: reject,
    });
  });
  await pause(1_000);
  await dataOf("mutation ($id: ID!) { acceptQuest(input: { id: $id }) { quest { status } } }", {
    id,
  });
  assert.equal((await told).questChanged.quest.status, "ACTIVE");
  const shown = readList(listRef).quests.edges.find(({ node }) => node?.id === id);
  assert.equal(shown.node.status, "ACTIVE");
});

await check("a refused mutation tells why in its payload", async () => {
  const { createQuest } = await committed({
    mutation: app.createMutation,
    variables: { input: { title: "" }, connections: [] },
  });
  assert.equal(createQuest.quest, null);
  assert.deepEqual(
    createQuest.errors.map(({ code, path }) => [code, path]),
    [["BAD_USER_INPUT", ["title"]]],
  );
});

finish();
