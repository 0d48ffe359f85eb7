"""Whether a document asks for parts of its answer later, by @defer or @stream; and it without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionNode,
    Visitor,
    VisitorAction,
    visit,
)

_NAMES = ("defer", "stream")


def defers(tree: DocumentNode) -> bool:
    """Whether there is a @defer or @stream anywhere in a document."""
    # A look at the text settles it for nearly all of them.
    if tree.loc is not None and not any(name in tree.loc.source.body for name in _NAMES):
        return False
    return any(
        directive.name.value in _NAMES
        for definition in tree.definitions
        if isinstance(definition, (OperationDefinitionNode, FragmentDefinitionNode))
        for selection in _selections(definition)
        for directive in selection.directives or ()
    )


def _selections(top: Any) -> Iterator[SelectionNode]:
    waiting: list[Any] = [top]
    while waiting:
        node = waiting.pop()
        inner = getattr(node, "selection_set", None)
        if inner is not None:
            yield from inner.selections
            waiting.extend(inner.selections)


class _Undefer(Visitor):
    """Takes the directives away; what they stand at stays."""

    def enter_directive(self, node: DirectiveNode, *_place: Any) -> VisitorAction:
        return self.REMOVE if node.name.value in _NAMES else self.SKIP


def undeferred(tree: DocumentNode) -> DocumentNode:
    """The document whose answer comes in one: the same fields, nothing later."""
    return visit(tree, _Undefer()) if defers(tree) else tree
