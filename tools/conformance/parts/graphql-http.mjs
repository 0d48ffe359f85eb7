/** The audit of graphql-http: every MUST and SHOULD of the GraphQL over HTTP specification. */
import { serverAudits } from "graphql-http";
import { check, ENDPOINT, finish, note } from "../lib/part.mjs";

/** Audits that contradict the newer draft, by id, with the reason. */
const EXCEPTED = {
  "74FF": "the draft has 422, not 400, for documents that do not validate",
  "86EE": "the draft has 422, not 400, for variables that do not fit their types",
};

const audits = serverAudits({ url: ENDPOINT, fetchFn: fetch });
const unknown = Object.keys(EXCEPTED).filter((id) => !audits.some((audit) => audit.id === id));
if (unknown.length > 0) throw new Error(`no such audits: ${unknown}`);

let optional = 0;
for (const audit of audits) {
  const level = audit.name.split(" ")[0];
  if (audit.id in EXCEPTED) {
    note(`${audit.id} excepted: ${EXCEPTED[audit.id]}`);
  } else if (level === "MAY") {
    const { status } = await audit.fn();
    if (status === "ok") optional += 1;
  } else {
    await check(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      if (result.status !== "ok") {
        throw new Error(`${result.status}: ${result.reason}, HTTP ${result.response?.status}`);
      }
    });
  }
}
note(`${optional} of ${audits.filter(({ name }) => name.startsWith("MAY")).length} MAYs besides`);
finish();
