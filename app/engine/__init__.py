"""A compiled executor for GraphQL over database rows: graphql-core's answers, without its cost.

graphql-core walks every value by itself: for each leaf a call, a path, an info object, a test
whether it is awaitable. That is five to ten microseconds a leaf, and a page of fifty rows has a
thousand. Almost always those leaves are columns of rows that a statement has just returned. This
package finds the parts of an operation where that is so, writes a Python function for each such
selection once, and lets it turn all the rows into dicts in one loop. Everything else stays with
graphql-core, whose `Executor` is the base class here.

One query's way, with what does it on the right::

    { quests(first: 50) { nodes { title  sourceQuest { key } } } }
        |
    quests           a root field: arguments, resolver            direct.Run, roots.RootField
        |            which columns does it need? the rows of      direct.Run.columns
        |            which relations could come along?            (asked by the resolver)
        |  a page object
    nodes            an attribute of it: fifty rows of one type   objects.ObjectPlan
        |            is every field a column or a relation?       plans.RowPlan (made once)
        |-- title, sourceQuest { key }, where the rows brought both along:
        |            [{"title": v0, "sourceQuest": {"key": v2} if v1 else None}, ...]
        |                                                         codegen.row_function
        |-- sourceQuest, where they did not:
        |            the rows' keys, each once                    rows.complete
        |            one call of the relation's batch             the loader of the application
        |            [{"key": v0}, ...], put in their places      codegen.row_function, again
        v
    the answer; or, where anything was odd (a null where none may be, a value that a scalar refuses,
    a loader that failed): the same value once more through graphql-core, which knows what to say.

A relation's list can come along, too: as one column of JSON, read by the same rules.

Of the root fields, too, only the values are new in each run: their arguments, their place and what
their resolvers are told are worked out once (`roots`), and so are the types of the operation's
variables (`operations`). `direct` calls the resolvers by that, and makes graphql-core's executor
only where something is odd.

The pieces: `sources` is what the application says of its fields (this one is a column, that one a
relation, which a statement could join) and what the engine says of a selection (`Columns`);
`plans` decides what can be compiled and remembers it, within the bounds of `recent`; `codegen`
writes the functions; `rows` runs them level by level; `objects` plans what is no row; `executor`
hooks rows into graphql-core. The package knows GraphQL and rows; it knows no table, no SQL, and
nothing of the application around it.

Two rules keep it exact. It never raises an error of its own: it gives up (`Bail`) and graphql-core
repeats that part, so messages, paths, locations and null propagation are graphql-core's. And it
only takes over where doing so can't be noticed: fields whose source the application has declared,
without arguments, without resolvers of their own.
"""

from app.engine.direct import Direct
from app.engine.executor import CompiledExecutor, executor_for
from app.engine.operations import Operation, Variables, operations_of
from app.engine.plans import Engine, Paths
from app.engine.roots import Call
from app.engine.sources import Column, Columns, Computed, Joined, Relation, Running, Source

__all__ = [
    "Call",
    "Column",
    "Columns",
    "CompiledExecutor",
    "Computed",
    "Direct",
    "Engine",
    "Joined",
    "Operation",
    "Paths",
    "Relation",
    "Running",
    "Source",
    "Variables",
    "executor_for",
    "operations_of",
]
