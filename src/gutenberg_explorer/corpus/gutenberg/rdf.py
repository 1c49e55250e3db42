"""A book's metadata in RDF, `pgID.rdf`: title, authors, language, kind and rights.

The form is that of https://www.gutenberg.org/ebooks/offline_catalogs.html.
"""

# A document type is refused below, and with it every entity: nothing is left that could expand or
# be fetched from elsewhere.
from xml.etree import ElementTree

from gutenberg_explorer.corpus.book import Metadata
from gutenberg_explorer.corpus.gutenberg import catalogue_fields

MAX_BYTES = 1024 * 1024

_TERMS = "{http://purl.org/dc/terms/}"
_PG = "{http://www.gutenberg.org/2009/pgterms/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


class _PlainTree(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("a document type")


def _values(ebook: ElementTree.Element, name: str) -> list[str]:
    """Return the texts of an element, which stand in it or in its `rdf:value`."""
    found = []
    for element in ebook.findall(_TERMS + name):
        inner = element.findtext(f".//{_RDF}value")
        found.append((inner if inner is not None else element.text or "").strip())
    return [text for text in found if text]


def _creators(root: ElementTree.Element, ebook: ElementTree.Element) -> list[str]:
    agents = {agent.get(_RDF + "about"): agent for agent in root.iter(_PG + "agent")}
    found = []
    for creator in ebook.findall(_TERMS + "creator"):
        # Who has two parts in a book is described once and referred to the second time.
        agent = creator.find(_PG + "agent")
        if agent is None:
            agent = agents.get(creator.get(_RDF + "resource"))
        if agent is not None:
            found.append(agent.findtext(_PG + "name") or "")
    return found


def parse(data: bytes) -> tuple[Metadata, str] | None:
    """Return what a book's RDF says of it, and its kind (`Text`, `Sound` …, or an empty text).

    None for what is not such a file.
    """
    if len(data) > MAX_BYTES:
        return None
    parser = ElementTree.XMLParser(target=_PlainTree())  # noqa: S314
    try:
        parser.feed(data)
        root = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    ebook = root.find(_PG + "ebook")
    if ebook is None:
        return None
    codes = catalogue_fields.languages(" ".join(_values(ebook, "language")))
    metadata = Metadata(
        title=catalogue_fields.title("\n".join(_values(ebook, "title"))),
        author=catalogue_fields.authors(_creators(root, ebook)),
        language=codes[0] if codes else "und",
        rights=" ".join(" ".join(_values(ebook, "rights")).split()) or None,
    )
    return metadata, " ".join(_values(ebook, "type"))
