"""Parses, measures and validates documents once: a bounded cache keyed by the document's text."""

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
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.core import watch
from app.core.errors import ErrorCode
from app.core.settings import Settings
from app.core.sources import reads_once
from app.engine import Operation, operations_of
from app.http import limits
from app.http.cost import Prices
from app.http.deferral import undeferred

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
MOST_ERRORS = 8
"""Of one document: more of them help nobody and cost as much each."""
MOST_COMPARISONS = 20_000
"""Units of work for comparing fields of one response name, which grows with their square; hand-made
documents take some tens."""
MOST_DOCUMENTS = 1_000
MOST_CHARACTERS = 500_000
"""Of all documents in the cache; a tree takes 50 to 200 bytes for each."""
# What graphql-core says of documents with too many tokens or too much nesting, and where validation
# would recurse too deeply or compare too much.
_ABORTED = "Parsing aborted."
_UNCHECKED = "Validation aborted."

# The library's own dial, which it reads when a validation starts.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MOST_COMPARISONS


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: its tree and prices, or the reasons why it can't run."""

    tree: DocumentNode | None
    prices: Prices | None = None
    errors: tuple[GraphQLError, ...] = ()
    code: ErrorCode = ErrorCode.GRAPHQL_VALIDATION_FAILED
    """The code of the errors."""
    at_once: DocumentNode | None = None
    """The tree without @defer and @stream; the same one where there are none."""
    once: frozenset[str | None] = frozenset()
    """The names of its operations that read with one statement at most."""
    once_if_joined: frozenset[str | None] = frozenset()
    """Those that do where the rows of relations come along in their parents'."""
    operations: tuple[Operation, ...] = ()
    """Its operations, where nothing of their answers can come later."""

    @property
    def status(self) -> int:
        """The status of the errors in GraphQL over HTTP."""
        return 400 if self.code == ErrorCode.GRAPHQL_PARSE_FAILED else 422

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation to run: the named one, or the only one; None when that is unclear."""
        if self.tree is None:
            return None
        if name is None and len(self.tree.definitions) == 1:
            (only,) = self.tree.definitions
            return only if isinstance(only, OperationDefinitionNode) else None
        operations = [
            definition
            for definition in self.tree.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]
        if name is not None:
            operations = [o for o in operations if o.name is not None and o.name.value == name]
        return operations[0] if len(operations) == 1 else None

    def known(self, node: OperationDefinitionNode) -> Operation | None:
        """What is known of one of its operations."""
        for each in self.operations:
            if each.node is node:
                return each
        return None


class Documents:
    """Reads documents for one schema and remembers the last ones that may run."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._schema = schema
        self._settings = settings
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def read(self, text: str) -> Document:
        """The document of a text, parsed, measured and validated."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            watch.documents["hit"] += 1
            return known
        watch.documents["miss"] += 1
        document = self._read(text)
        if not document.errors:
            self._keep(text, document)
        return document

    def _keep(self, text: str, document: Document) -> None:
        self._known[text] = document
        self._characters += len(text)
        while len(self._known) > MOST_DOCUMENTS or self._characters > MOST_CHARACTERS:
            gone, _ = self._known.popitem(last=False)
            self._characters -= len(gone)

    def _read(self, text: str) -> Document:
        """Cheap checks first: each keeps the next from documents that would make it dear."""
        most = self._settings.max_document_bytes
        if len(text) > most or len(text.encode(errors="replace")) > most:
            return _over(GraphQLError(f"The document is too long; the limit is {most:,} bytes."))
        try:
            tree = parse(text, max_tokens=self._settings.max_tokens)
        except GraphQLSyntaxError as error:
            if error.message.endswith(_ABORTED):
                said = error.message.removeprefix("Syntax Error: ")
                return _over(GraphQLError(said, source=error.source, positions=error.positions))
            return Document(None, errors=(error,), code=ErrorCode.GRAPHQL_PARSE_FAILED)
        if self._settings.production:
            found = limits.introspecting(tree)
            if found is not None:
                said = "Introspection is switched off here; `__typename` alone may be asked for."
                return Document(None, errors=(GraphQLError(said, [found]),))
        over = limits.problems(tree, self._settings)
        if over:
            return _over(*over)
        long = limits.long_number(tree)
        if long is not None:
            return Document(None, errors=(long,))
        errors = validate(
            self._schema,
            tree,
            _RULES,
            max_errors=MOST_ERRORS,
            hide_suggestions=self._settings.production,
        )
        if any(error.message == _UNCHECKED for error in errors):
            said = (
                "The document repeats fields too often or nests fragments too deeply to be checked."
            )
            return _over(GraphQLError(said, list(tree.definitions[:1])))
        if errors:
            return Document(None, errors=tuple(errors))
        at_once = undeferred(tree)
        return Document(
            tree,
            Prices(self._schema, tree),
            at_once=at_once,
            once=reads_once(self._schema, tree),
            once_if_joined=reads_once(self._schema, tree, joined=True),
            operations=operations_of(self._schema, tree) if at_once is tree else (),
        )


def _over(*errors: GraphQLError) -> Document:
    return Document(None, errors=errors, code=ErrorCode.QUERY_TOO_COMPLEX)
