// PostGraphile 5 over the service's database: `node server.mjs plain|rls`.
//
// Both look the session up by the token's hash. `plain` connects as the owner, whom no policy binds,
// and its queries name the user; `rls` gives each request the role and the user's setting, so that
// PostgreSQL's policies choose the rows.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import pg from "pg";
import { grafserv } from "grafserv/node";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";

const protectedRows = process.argv[2] === "rls";
const url = protectedRows ? process.env.QUESTLINE_API_DATABASE_URL : process.env.BENCH_OWNER_DATABASE_URL;
const CONNECTIONS = 16;
const options = "-c timezone=UTC -c jit=off -c statement_timeout=30000";
const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, options });

const FIND = `
  SELECT s.id FROM sessions AS s INNER JOIN users AS u ON s.user_id = u.id
  WHERE s.user_id = $1 AND u.id = $1 AND s.token = $2 AND s.revoked_at IS NULL
    AND s.expires_at > now() AND u.disabled_at IS NULL`;
// The setting inside the statement saves the look-up a transaction of its own.
const FIND_AS_USER = `
  SELECT f.id FROM (SELECT set_config('app.user_id', $1::text, true) AS v OFFSET 0) AS c
  CROSS JOIN LATERAL (
    SELECT s.id FROM sessions AS s INNER JOIN users AS u ON s.user_id = u.id
    WHERE s.user_id = $1::text::uuid AND u.id = $1::text::uuid AND c.v IS NOT NULL
      AND s.token = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
      AND u.disabled_at IS NULL OFFSET 0
  ) AS f`;

async function signIn(headers) {
  const token = (headers.authorization ?? "").slice("Bearer ".length);
  const shape = /^ql_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_/.exec(token);
  if (shape === null) throw new Error("sign in");
  const user = shape.slice(1).join("-");
  const digest = createHash("sha256").update(token).digest("hex");
  const text = protectedRows ? FIND_AS_USER : FIND;
  const { rows } = await pool.query({ name: "session", text, values: [user, digest] });
  if (rows.length === 0) throw new Error("sign in");
  return user;
}

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ pool, schemas: ["public", "bench"], pubsub: false }),
  ],
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false, watch: false },
  grafast: {
    explain: false,
    async context(request) {
      const user = await signIn(request.node?.req?.headers ?? {});
      return protectedRows
        ? { pgSettings: { role: "questline_api", "app.user_id": user, "app.actor_id": user } }
        : { pgSettings: null };
    },
  },
};

const instance = postgraphile(preset);
const server = createServer();
const serving = instance.createServ(grafserv);
await serving.addTo(server);
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => console.log(String(server.address().port)));
process.on("SIGTERM", () => process.exit(0));
