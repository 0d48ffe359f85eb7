"""Parses and validates documents once: a bounded cache keyed by the document's text."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
MOST_TOKENS = 2_000
MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: its tree, or the reason why it can't run."""

    tree: DocumentNode | None
    syntax_error: GraphQLError | None = None
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation to run: the named one, or the only one; None when that is unclear."""
        operations = [
            definition
            for definition in (self.tree.definitions if self.tree else ())
            if isinstance(definition, OperationDefinitionNode)
        ]
        if name is not None:
            operations = [o for o in operations if o.name is not None and o.name.value == name]
        return operations[0] if len(operations) == 1 else None


class Documents:
    """Reads documents for one schema and remembers the last ones."""

    def __init__(self, schema: GraphQLSchema, size: int = 1000) -> None:
        self._schema = schema
        self._size = size
        self._known: OrderedDict[str, Document] = OrderedDict()

    def read(self, text: str) -> Document:
        """The document of a text, parsed and validated."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        document = self._read(text)
        self._known[text] = document
        if len(self._known) > self._size:
            self._known.popitem(last=False)
        return document

    def _read(self, text: str) -> Document:
        try:
            tree = parse(text, max_tokens=MOST_TOKENS)
        except GraphQLSyntaxError as error:
            return Document(None, syntax_error=error)
        errors = validate(self._schema, tree, _RULES, max_errors=MOST_ERRORS)
        return Document(tree, errors=tuple(errors))
