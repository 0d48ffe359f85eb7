/** Introspection over the wire: every element that the service made has a description. */
import assert from "node:assert/strict";
import {
  buildClientSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from "graphql";
import { ask, check, finish, note } from "../lib/part.mjs";

const query = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

/** Every element as [name, element]. */
function* elements(schema) {
  yield ["the schema", schema];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    yield [type.name, type];
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field];
        for (const argument of field.args) {
          yield [`${type.name}.${field.name}(${argument.name}:)`, argument];
        }
      }
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        yield [`${type.name}.${field.name}`, field];
    } else if (isEnumType(type)) {
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
    }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    yield [`@${directive.name}`, directive];
    for (const argument of directive.args)
      yield [`@${directive.name}(${argument.name}:)`, argument];
  }
}

let schema;
await check("the whole introspection query is answered", async () => {
  const { data, errors } = await ask(query);
  assert.equal(errors, undefined);
  schema = buildClientSchema(data);
});

if (schema) {
  const all = [...elements(schema)];
  await check("100 % of the elements are described", async () => {
    const bare = all.filter(([, { description }]) => !description?.trim()).map(([name]) => name);
    assert.deepEqual(bare, []);
  });
  await check("every custom scalar names its specification", async () => {
    const scalars = Object.values(schema.getTypeMap()).filter(
      (type) => isScalarType(type) && !isSpecifiedScalarType(type),
    );
    assert.deepEqual(scalars.filter((type) => !type.specifiedByURL).map(String), []);
  });
  note(`${all.length} elements`);
}
finish();
