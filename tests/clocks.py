"""Finds where a test module judges by a clock: how long something takes is the machine's matter.

There are two rules. A clock that only measures how long something takes is not read at all. A clock
that tells the time of day may be read for data, such as the start of a span. But a time that comes
of it is not ordered, a difference of two times is not compared, and neither is a fresh reading.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

STOPWATCHES = frozenset({
    *("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"),
    *("process_time", "process_time_ns", "thread_time", "thread_time_ns"),
    *("clock_gettime", "clock_gettime_ns", "getrusage", "cpu_times", "default_timer", "timeit"),
    *("setitimer", "ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF"),
    "elapsed",  # of an answer of requests or httpx
    *("ready_after", "time_of_search"),  # of `benchmarks/server.py`
})  # fmt: skip
# In scripts that a page or another process runs.
IN_TEXTS = ("performance.now", "Date.now", "new Date(", ".startTime", "monotonic(", "perf_counter(")
TIMES_OF_DAY = frozenset({"time", "time_ns", "now", "utcnow", "today", "localtime", "gmtime"})
MODULES = frozenset({"time", "datetime", "date"})
# Of `tests/waiting.py`: how long something took, to choose by.
MEASURED = frozenset({"seconds_of"})

# What gives a time back when it is given one, and what puts one into a container.
_PASSES = frozenset({
    *("int", "float", "round", "abs", "min", "max", "sum", "str", "divmod"),
    *("list", "tuple", "set", "sorted", "reversed"),
})  # fmt: skip
_FILLS = frozenset({"append", "appendleft", "add", "insert", "extend", "put", "setdefault"})
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

_Test = Callable[[ast.expr], bool]
_Flow = tuple[ast.expr, ast.expr]
_Offence = tuple[int, str]


def offences(source: str) -> list[_Offence]:
    """Return the lines of a module that judge by a clock, each with what is wrong there."""
    tree = _Locals().visit(ast.parse(source))
    return sorted({*_stopwatches(tree), *_Times.of(tree).judgements()})


def _stopwatches(tree: ast.Module) -> Iterator[_Offence]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.alias(name=name):
                if name.rpartition(".")[2] in STOPWATCHES:
                    yield node.lineno, f"reads {name}"
            case ast.Call(func=ast.Name(id="getattr" | "attrgetter"), args=args):
                given = {each.value for each in args if isinstance(each, ast.Constant)}
                if given & (STOPWATCHES | TIMES_OF_DAY):
                    yield node.lineno, "reads a clock"
            case ast.Constant(value=str(text)):
                yield from (
                    (node.lineno, f"reads {each}")
                    for each in IN_TEXTS
                    if re.search(re.escape(each) + r"(?!\w)" * each[-1].isalpha(), text)
                )


@dataclass
class _Times:
    """The names of a module that stand for times, and for how long something took.

    An attribute's name stands for the same in the whole module, whatever object it is of.
    """

    tree: ast.Module
    clocks: set[str]
    times: set[str] = field(default_factory=set)
    lengths: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tree: ast.Module) -> "_Times":
        """Follow the times of a module until there are no new names for them."""
        found = cls(tree, _imported(tree))
        flows = [(_name(target), value) for target, value in _flows(tree)]
        known = -1
        while known != len(found.times) + len(found.lengths):
            known = len(found.times) + len(found.lengths)
            for name, value in flows:
                if name and found.is_time(value):
                    found.times.add(name)
                if name and found.is_length(value):
                    found.lengths.add(name)
        return found

    def is_reading(self, node: ast.expr) -> bool:
        """Return whether an expression asks a clock."""
        match node:
            case ast.Call(func=ast.Name(id=name)):
                return name in self.clocks | MEASURED
            case ast.Call(func=ast.Attribute(value=holder, attr=name), args=args):
                of_day = name in TIMES_OF_DAY and _name(holder) in MODULES | self.clocks
                of_loop = name == "time" and not args
                return of_day or of_loop or name in MEASURED
        return False

    def is_fresh(self, node: ast.expr) -> bool:
        """Return whether an expression is made of what a clock tells at once."""
        return self.is_reading(node) or self._made_of(node, set(), self.is_fresh)

    def is_time(self, node: ast.expr) -> bool:
        """Return whether an expression is made of a time."""
        return self.is_reading(node) or self._made_of(node, self.times, self.is_time)

    def is_length(self, node: ast.expr) -> bool:
        """Return whether an expression is made of how long something took."""
        match node:
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                if self.is_time(left) and self.is_time(right):
                    return True
                if self.is_reading(left) and isinstance(right, ast.Name | ast.Attribute):
                    return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in MEASURED:
                    return True
        return self._made_of(node, self.lengths, self.is_length)

    def _made_of(self, node: ast.expr, names: set[str], of: _Test) -> bool:
        match node:
            case ast.Name() | ast.Attribute() if _name(node) in names:
                return True
            case ast.Call(func=ast.Name(id=name), args=args):
                passes = name in _PASSES or name[:1].isupper()
                return name in names or (passes and any(map(of, args)))
            case ast.Call(func=ast.Attribute(value=holder, attr=name)):
                return name in names or of(holder)
            case ast.Compare() | ast.Lambda():
                return False
        return any(of(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))

    def judgements(self) -> Iterator[_Offence]:
        """Yield where times are judged."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Compare(left=left, ops=ops, comparators=others):
                    for op, pair in zip(
                        ops, zip([left, *others], others, strict=False), strict=True
                    ):
                        if problem := self._problem(op, pair):
                            yield node.lineno, problem
                case ast.Assert(test=test) | ast.If(test=test) | ast.While(test=test):
                    if self.is_length(test):
                        yield node.lineno, "decides by how long something took"

    def _problem(self, op: ast.cmpop, pair: _Flow) -> str | None:
        if isinstance(op, ast.Is | ast.IsNot):
            return None
        if isinstance(op, _ORDERS) and any(map(self.is_time, pair)):
            return "orders a time"
        if any(map(self.is_length, pair)):
            return "compares how long something took"
        return "compares a fresh time" if any(map(self.is_fresh, pair)) else None


class _Locals(ast.NodeTransformer):
    """Gives a function's own names the function's line, so that equal names are told apart."""

    def __init__(self) -> None:
        self._scopes: list[tuple[int, set[str]]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        inner = list(ast.walk(node))
        own = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        own |= {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for each in inner:
            if isinstance(each, ast.Nonlocal | ast.Global):
                own -= set(each.names)
        self._scopes.append((node.lineno, own))
        self.generic_visit(node)
        self._scopes.pop()
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._named(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._named(node.arg)
        return node

    def _named(self, name: str) -> str:
        """Return a name as the outermost function has it that makes it its own."""
        lines = (line for line, own in self._scopes if name in own)
        return next((f"{name}@{line}" for line in lines), name)


def _imported(tree: ast.Module) -> set[str]:
    """Return the names under which a module has clocks, or the modules that have them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found |= {each.asname for each in names if each.name in MODULES and each.asname}
            case ast.ImportFrom(module="time" | "datetime", names=names):
                clocks = TIMES_OF_DAY | MODULES
                found |= {each.asname or each.name for each in names if each.name in clocks}
    return found


def _flows(tree: ast.Module) -> Iterator[_Flow]:
    """Yield what values go to: names that are assigned to, containers, parameters, results."""
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    for node in ast.walk(tree):
        yield from _assigned(node)
        match node:
            case ast.keyword(arg=str(name), value=value):
                yield ast.Name(name), value
            case ast.FunctionDef(name=name):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return | ast.Yield) and inner.value:
                        yield ast.Name(name), inner.value
            case ast.Call(func=ast.Attribute(value=holder, attr=attr), args=args):
                if attr in _FILLS:
                    yield from ((holder, value) for value in args)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if (
                name in functions
            ):
                parameters = [each.arg for each in functions[name].args.args]
                yield from zip(map(ast.Name, parameters), args, strict=False)
                for each in keywords:
                    yield from ((ast.Name(p), each.value) for p in parameters if _is(p, each.arg))


def _is(parameter: str, name: str | None) -> bool:
    return parameter.partition("@")[0] == name


def _assigned(node: ast.AST) -> Iterator[_Flow]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _parts(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield from _parts(target, value)
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield from _parts(target, value)


def _parts(target: ast.expr, value: ast.expr) -> Iterator[_Flow]:
    """Yield the names of an assignment, each with its own value where that is written out."""
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
        return
    written = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
    for place, part in enumerate(target.elts):
        own = value.elts[place] if written and isinstance(value, ast.Tuple | ast.List) else value
        yield from _parts(part, own)


def _name(node: ast.expr) -> str | None:
    """Return what an expression is called, wherever it is kept; None for one without a name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _name(value)
    return None
