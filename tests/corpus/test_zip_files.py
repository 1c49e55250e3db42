import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gutenberg_explorer.corpus.book import UnreadableBook
from gutenberg_explorer.corpus.zip_files import list_zip, read_member
from tests.processes import peak_memory
from tests.soak import share_of

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
# Where the fields of a listed member are, from its signature on.
VERSION, FLAGS, METHOD, CRC, PACKED, SIZE, MODE = 6, 8, 10, 16, 20, 24, 40


def write(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def change(path: Path, name: bytes, place: int, form: str, value: int) -> None:
    """Change a field of what the zip lists of a member."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.rindex(name) - 46 + place, value)
    path.write_bytes(data)


def read(path: Path) -> dict[str, bytes | str]:
    """Return each member's data, or why it can't be read."""
    found: dict[str, bytes | str] = {}
    for entry in list_zip(path):
        try:
            found[entry.name] = entry.read()
        except UnreadableBook as error:
            found[entry.name] = str(error)
    return found


@pytest.mark.parametrize("method", METHODS)
def test_members_are_read_whatever_their_compression(tmp_path: Path, method: int) -> None:
    members = {"a.txt": b"a" * 100_000, "sub/b.txt": bytes(range(256)) * 99, "empty.txt": b""}
    write(tmp_path / "a.zip", members, method)
    assert read(tmp_path / "a.zip") == members
    assert read_member(tmp_path / "a.zip", "a.txt") == members["a.txt"]
    with pytest.raises(UnreadableBook, match="has no file"):
        read_member(tmp_path / "a.zip", "b.txt")


@pytest.mark.parametrize(
    ("change_it", "reason"),
    [
        (lambda path: change(path, b"bad.txt", FLAGS, "<H", 1), "encrypted"),
        (lambda path: change(path, b"bad.txt", METHOD, "<H", 99), "compression method"),
        (lambda path: change(path, b"bad.txt", CRC, "<L", 1), "checksum"),
        (lambda path: change(path, b"bad.txt", SIZE, "<L", 2), "checksum"),
        (lambda path: change(path, b"bad.txt", SIZE, "<L", 0xFFFFFFFE), "larger than"),
        (lambda path: change(path, b"bad.txt", PACKED, "<L", 1 << 30), "overlap"),
        (lambda path: change(path, b"bad.txt", MODE, "<H", 0o120777), "a link"),
    ],
)
def test_a_faulty_member_costs_itself_alone(
    tmp_path: Path, change_it: Callable[[Path], None], reason: str
) -> None:
    path = tmp_path / "a.zip"
    write(
        path, {"a.txt": b"first", "bad.txt": b"a text of which something is wrong", "c.txt": b"c"}
    )
    change_it(path)
    found = read(path)
    assert (found["a.txt"], found["c.txt"]) == (b"first", b"c")
    assert reason in str(found["bad.txt"])


def test_faults_of_one_listed_member_are_no_fault_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    info = zipfile.ZipInfo("extra.txt")
    info.extra = struct.pack("<2H", 0x5455, 4) + b"1234"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("néé.txt", b"a name that is not UTF-8 and says that it is")
        archive.writestr("version.txt", b"a version that is not known")
        archive.writestr(info, b"extra fields that are longer than all of them")
    path.write_bytes(path.read_bytes().replace("éé".encode(), b"\xff\xfe\xfd\xfc"))
    change(path, b"version.txt", VERSION, "<B", 200)
    change(path, b"extra.txt", 46 + len("extra.txt") + 2, "<H", 60_000)
    found = read(path)
    assert len(found) == 3
    assert all(isinstance(data, bytes) for data in found.values())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for text in (b"second by size", b"one", b"one"):
            archive.writestr("twin.txt", text)
    entries = list_zip(tmp_path / "a.zip")
    assert [entry.name for entry in entries] == ["twin.txt"] * 3
    assert [entry.read() for entry in entries] == [b"second by size", b"one", b"one"]


def test_what_macos_adds_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", {"a.txt": b"a", "__MACOSX/._a.txt": b"\0", "._b.txt": b"\0"})
    assert list(read(tmp_path / "a.zip")) == ["a.txt"]


def test_no_name_leads_anywhere(tmp_path: Path) -> None:
    names = ["/etc/passwd", "../../up.txt", "C:\\x.txt", "x" * 60_000, "new\nline.txt"]
    write(tmp_path / "a.zip", {name: name.encode() for name in names})
    assert set(read(tmp_path / "a.zip").values()) == {name.encode() for name in names}


@pytest.fixture(scope="module", params=METHODS[1:])
def bomb(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small zip whose first member becomes 200 MB."""
    path = tmp_path_factory.mktemp("bomb") / "a.zip"
    with zipfile.ZipFile(path, "w", request.param) as archive:
        with archive.open("bomb.txt", "w") as member:
            for _ in range(200):
                member.write(bytes(1 << 20))
        archive.writestr("ok.txt", b"fine")
    assert path.stat().st_size < 300_000
    return path


@pytest.mark.parametrize("claimed", [None, 1_000, 30_000_000])
def test_no_claim_makes_memory_grow(tmp_path: Path, bomb: Path, claimed: int | None) -> None:
    path = Path(shutil.copy(bomb, tmp_path))
    if claimed is not None:
        change(path, b"bomb.txt", SIZE, "<L", claimed)
    program = (
        "import sys; from pathlib import Path\n"
        "from gutenberg_explorer.corpus.zip_files import list_zip\n"
        "bomb, ok = list_zip(Path(sys.argv[1]))\n"
        "assert ok.read() == b'fine'\n"
        "try: bomb.read()\n"
        "except Exception as error: assert type(error).__name__ == 'UnreadableBook', error\n"
        "else: raise AssertionError\n"
    )
    # What may be read of a book, and as much again: while it grows, it may be moved.
    assert peak_memory(program, str(path)) < 30_000_000 + 2 * (claimed or 0) + 90_000_000


def listed_members(count: int) -> bytes:
    """Return a zip that lists an empty member many times."""
    member = struct.pack(
        "<4s4B4H3L5H2L", b"PK\1\2", 20, 0, 20, *[0] * 8, 5, *[0] * 6
    )  # the name has 5 bytes
    listed = (member + b"a.txt") * count
    size = len(listed)
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, 0)
    end += struct.pack("<4sLQL", b"PK\6\7", 0, size, 1)
    return (
        listed + end + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    )


def test_a_list_of_a_million_members_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(listed_members(1_000_000))
    with pytest.raises(zipfile.BadZipFile, match="its list of files"):
        list_zip(path)
    path.write_bytes(listed_members(1_000))
    assert len(list_zip(path)) == 1_000


@settings(max_examples=share_of(2_000), deadline=None)
@given(st.data())
def test_no_damage_raises_anything_else(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        method = data.draw(st.sampled_from(METHODS))
        write(path, {"a.txt": b"some text " * 20, "é.txt": b"x", "b/c.txt": bytes(99)}, method)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(
                st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, content[place] ^ 1])
            )
        path.write_bytes(content[: data.draw(st.integers(len(content) - 30, len(content)))])
        try:
            read(path)
        except zipfile.BadZipFile:
            return
