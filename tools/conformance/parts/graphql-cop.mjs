/**
 * The probes of graphql-cop, restated: the tool itself is not in any package registry. Each is sent
 * as it sends it, to a service in development mode and to one in production mode.
 */
import { ask, AUTHORIZATION, check, ENDPOINT, finish, note } from "../lib/part.mjs";
import { makeHome, removeHome, startService, stopService } from "../lib/service.mjs";

const post = (target, query) => ask(query, {}, { authorization: target.authorization }, target.url);
const get = (target, query, accept = "application/json") =>
  fetch(`${target.url}${query ? `?query=${encodeURIComponent(query)}` : ""}`, {
    headers: { accept, authorization: target.authorization },
  });
const json = async (response) => response.json().catch(() => ({}));

/** Every probe: whether the service is open to it. */
const PROBES = {
  "alias overloading": async (target) => {
    const aliases = Array.from({ length: 101 }, (_, number) => `alias${number}:__typename`).join(
      "\n",
    );
    return Boolean((await post(target, `query cop { ${aliases} }`)).data?.alias100);
  },
  "array-based batching": async (target) => {
    const response = await fetch(target.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: target.authorization },
      body: JSON.stringify(
        Array.from({ length: 10 }, () => ({ query: "query cop { __typename }" })),
      ),
    });
    return ((await json(response)).length ?? 0) >= 10;
  },
  "directive overloading": async (target) => {
    const { errors } = await post(target, `query cop { __typename ${"@aa".repeat(10)} }`);
    return errors.length === 10;
  },
  "circular introspection": async (target) => {
    const nested = (depth) => (depth ? `fields { type { ${nested(depth - 1)} } }` : "name");
    const { data } = await post(target, `query cop { __schema { types { ${nested(4)} } } }`);
    return (data?.__schema.types.length ?? 0) > 25;
  },
  "circular fragments": async (target) => {
    const { data } = await post(
      target,
      "query cop { ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    );
    return Boolean(data);
  },
  "field duplication": async (target) =>
    Boolean((await post(target, `query cop { ${"__typename \n".repeat(500)} }`)).data?.__typename),
  "mutation by GET": async (target) =>
    Boolean((await json(await get(target, "mutation cop {__typename}"))).data?.__typename),
  "form-encoded POST (CSRF)": async (target) => {
    const response = await fetch(target.url, {
      method: "POST",
      headers: { authorization: target.authorization },
      body: new URLSearchParams({ query: "query cop { __typename }" }),
    });
    return Boolean((await json(response)).data?.__typename);
  },
  "trace mode": async (target) =>
    /"tracing"/i.test(JSON.stringify(await post(target, "query cop { __typename }"))),
  "unhandled errors": async (target) =>
    /"exception"|traceback|stack/i.test(JSON.stringify(await post(target, "qwerty cop { abc }"))),
  "field suggestions": async (target) =>
    /did you mean/i.test(
      JSON.stringify(await post(target, "query cop { __schema { directive } }")),
    ),
  introspection: async (target) =>
    Boolean((await post(target, "query cop { __schema { types { name fields { name } } } }")).data),
  GraphiQL: async (target) => /graphiql/i.test(await (await get(target, "", "text/html")).text()),
  "query by GET": async (target) =>
    Boolean((await json(await get(target, "query cop {__typename}"))).data?.__typename),
};

/** What is open on purpose; everything else must be closed. */
const OPEN = {
  // Reads only, and without a cookie's rights for other sites: HTTP caches and links need it.
  development: ["query by GET", "field suggestions", "introspection", "GraphiQL"],
  production: ["query by GET"],
};

async function probe(mode, target) {
  for (const [name, isOpen] of Object.entries(PROBES)) {
    const expected = OPEN[mode].includes(name);
    await check(`${mode}: ${name} is ${expected ? "open, on purpose" : "closed"}`, async () => {
      if ((await isOpen(target)) !== expected)
        throw new Error(expected ? "it is closed" : "it is open");
    });
  }
}

await probe("development", { url: ENDPOINT, authorization: AUTHORIZATION });

const home = makeHome();
let service;
try {
  service = await startService(home, { QUESTLINE_PRODUCTION: "true" });
  await probe("production", { url: service.url, authorization: `Bearer ${service.token}` });
} finally {
  if (service) await stopService(service);
  removeHome(home);
}
note(`${Object.keys(PROBES).length} probes; open on purpose: ${OPEN.development.join(", ")}`);
note(`in production only: ${OPEN.production.join(", ")}`);
finish();
