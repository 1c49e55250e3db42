"""Titles, authors, years and checksums of the books that ship with NLTK."""

from dataclasses import dataclass

from gutenberg_explorer.corpus.book import Metadata


@dataclass(frozen=True, slots=True)
class Edition:
    """One file of NLTK's corpus: what it is, its size in bytes, and their SHA-256."""

    metadata: Metadata
    size: int
    sha256: str


def _edition(title: str, author: str | None, year: int, size: int, sha256: str) -> Edition:
    return Edition(Metadata(title, author, year), size, sha256)


NLTK: dict[str, Edition] = {
    "austen-emma": _edition(
        "Emma",
        "Jane Austen",
        1816,
        887_071,
        "71b0923d75fcf2f1faa897b22da8de8e2476d7478a2b22388eb58a3420e00215",
    ),
    "austen-persuasion": _edition(
        "Persuasion",
        "Jane Austen",
        1818,
        466_292,
        "cec097657cbfeb62aafe178973f514fa07ab66a5e28ea025ebd5d51ca870e40f",
    ),
    "austen-sense": _edition(
        "Sense and Sensibility",
        "Jane Austen",
        1811,
        673_022,
        "57b169c7cfa502896dee25bd66616f61cc1d21084caf31f015176ee46fda9718",
    ),
    "bible-kjv": _edition(
        "The King James Bible",
        None,
        1611,
        4_332_554,
        "3f56c9f0bbc796312aacc5fcb49a799f5c5f729f00db3f86bff26319a93bfede",
    ),
    "blake-poems": _edition(
        "Poems",
        "William Blake",
        1789,
        38_153,
        "840897a66e23a47dd1fd56b864f421b2be0af074dc081244f7995bf26939eee9",
    ),
    "bryant-stories": _edition(
        "Stories to Tell to Children",
        "Sara Cone Bryant",
        1918,
        249_439,
        "c87f2c50a00055010f02edb6bb643aabe2473465da7f62db43cb4cda1a1c768d",
    ),
    "burgess-busterbrown": _edition(
        "The Adventures of Buster Bear",
        "Thornton W. Burgess",
        1920,
        84_663,
        "7d8b1648ffeaa7268819c62852e5653f2f295528411c8c895ce3941581146331",
    ),
    "carroll-alice": _edition(
        "Alice's Adventures in Wonderland",
        "Lewis Carroll",
        1865,
        144_395,
        "5ce9042c0d8536b072b61d4c7c4e6d70c72d9dbb5f3d816261326d9280749266",
    ),
    "chesterton-ball": _edition(
        "The Ball and the Cross",
        "G. K. Chesterton",
        1909,
        457_450,
        "c6b6d4e8c09a3f49a09f37f4e47663d4d6f048b62d86c70ccafdfd8f27059a58",
    ),
    "chesterton-brown": _edition(
        "The Wisdom of Father Brown",
        "G. K. Chesterton",
        1914,
        406_629,
        "67027976205b4b30e367c704807f56c8ffac3e8ea6037d993e57ab1fe28447ec",
    ),
    "chesterton-thursday": _edition(
        "The Man Who Was Thursday",
        "G. K. Chesterton",
        1908,
        320_525,
        "8b431a2a8db84089cd6f83fa66610c3b12c04114609df6e90137c0c58f2c5493",
    ),
    "edgeworth-parents": _edition(
        "The Parent's Assistant",
        "Maria Edgeworth",
        1796,
        935_158,
        "543b2162782f839b9917b88956acbd7507df37c543286c16c228b36dda0cf950",
    ),
    "melville-moby_dick": _edition(
        "Moby Dick",
        "Herman Melville",
        1851,
        1_242_990,
        "dc2466ee3c2e6e2ea1f86233d142e4b5578fdc1d6f0ca657bee7572202a980c7",
    ),
    "milton-paradise": _edition(
        "Paradise Lost",
        "John Milton",
        1667,
        468_220,
        "49028a77c557de1459e96c026edbe72997be2d9015925f7baefb793cd6fe706f",
    ),
    "shakespeare-caesar": _edition(
        "Julius Caesar",
        "William Shakespeare",
        1599,
        112_310,
        "7c46bd32fc84d9596bcad55b61ec3c1a390239acb190b286422855aafc2774b3",
    ),
    "shakespeare-hamlet": _edition(
        "Hamlet",
        "William Shakespeare",
        1599,
        162_881,
        "1eceab7027ad7e0cc25c6b6aadcb2e6bb070395cb2085f775ac732d63d5db240",
    ),
    "shakespeare-macbeth": _edition(
        "Macbeth",
        "William Shakespeare",
        1603,
        100_351,
        "d4a204352cfe5924cbae76f764225d120e9f7617d39cb8c949dedd3f306353ac",
    ),
    "whitman-leaves": _edition(
        "Leaves of Grass",
        "Walt Whitman",
        1855,
        711_215,
        "93ebaf1dccc8f1514b4b1c2f52e64e81829113fc58cff63fb51ada0c72f99c3e",
    ),
}
