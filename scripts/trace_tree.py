"""The tree of spans as a picture, drawn from the contract."""

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

ROW, INDENT, LEFT, TOP, WIDTH = 26, 28, 20, 64, 960
COLOURS = {
    "search-frontend": ("#e8f0fe", "#1a56c4"),
    "search-backend": ("#e6f4ea", "#137333"),
}


class Node(NamedTuple):
    """A span in the tree; `depth` counts from its root."""

    depth: int
    name: str
    group: dict[str, Any]


def nodes(groups: list[dict[str, Any]]) -> Iterator[Node]:
    """Yield the spans from the roots down; one with several parents comes under each."""
    spans = [g for g in groups if g["type"] == "span"]
    names = {g["annotations"]["name"] for g in spans}
    parents = dict.fromkeys(parent for g in spans for parent in g["annotations"]["parents"])
    # The SERVER span's name is a pattern; what stands below it says which names there are.
    routes = [parent for parent in parents if parent not in names]

    def below(parent: str | None, depth: int) -> Iterator[Node]:
        for group in spans:
            above = group["annotations"]["parents"]
            if (parent in above) if parent else not above:
                name = group["annotations"]["name"]
                for each in routes if "{http.route}" in name else [name]:
                    yield Node(depth, each, group)
                    yield from below(each, depth + 1)

    yield from below(None, 0)


def _line(node: Node, row: int, above: int | None) -> Iterator[str]:
    fill, ink = COLOURS[node.group["annotations"]["services"][0]]
    x, y = LEFT + INDENT * node.depth, TOP + ROW * row
    kind = node.group["span_kind"]
    label = node.name if kind == "internal" else f"{node.name} · {kind.upper()}"
    width = 18 + round(7.25 * len(label))
    if above is not None:
        bend = x - INDENT + 10
        yield f'<path d="M{bend} {TOP + ROW * above + 20}V{y + 10}H{x}" class="line"/>'
    yield f'<rect x="{x}" y="{y}" width="{width}" height="20" rx="4" fill="{fill}" stroke="{ink}"/>'
    yield f'<text x="{x + 9}" y="{y + 14}" class="name" fill="{ink}">{escape(label)}</text>'
    brief = escape(node.group["brief"].rstrip("."))
    yield f'<text x="{x + width + 10}" y="{y + 14}" class="brief">{brief}</text>'


def picture(groups: list[dict[str, Any]]) -> str:
    """Return the tree as an SVG, a row for each span, a colour for each service."""
    drawn: list[str] = []
    last_at: list[int] = []
    row = -1
    for node in nodes(groups):
        row += 2 if node.depth == 0 and row >= 0 else 1
        last_at[node.depth :] = [row]
        drawn += _line(node, row, last_at[node.depth - 1] if node.depth else None)
    legend = [
        f'<rect x="{x}" y="20" width="14" height="14" rx="3" fill="{fill}" stroke="{ink}"/>'
        f'<text x="{x + 22}" y="31.5" class="name" fill="{ink}">{service}</text>'
        for x, (service, (fill, ink)) in zip((LEFT, LEFT + 170), COLOURS.items(), strict=True)
    ]
    height = TOP + ROW * (row + 1) + 14
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="The tree of spans">',
            "<style>",
            "text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}",
            ".brief{font:12px system-ui,sans-serif;fill:#5f6368}",
            ".line{fill:none;stroke:#bdc1c6}",
            "</style>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *legend,
            *drawn,
            "</svg>",
            "",
        ]
    )
