from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.hosts.disk import BLOCK, BlockWrite, FileChange, GuestDisk, apply, difference, folder_image


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_the_changed_block_of_a_file_is_taken(tmp_path):
    file = tmp_path / "disk"
    file.write_bytes(b"a" * BLOCK * 3)
    before = folder_image(tmp_path)
    file.write_bytes(b"a" * BLOCK + b"b" * BLOCK + b"a" * BLOCK)
    assert difference(tmp_path, before).changes == (FileChange("disk", 3 * BLOCK, (BlockWrite(1, b"b" * BLOCK),)),)


def test_whole_files_takes_every_block_of_a_file_that_differs_and_none_of_the_others(tmp_path):
    (tmp_path / "changed").write_bytes(b"a" * BLOCK * 3)
    (tmp_path / "same").write_bytes(b"a" * BLOCK * 3)
    before = folder_image(tmp_path)
    (tmp_path / "changed").write_bytes(b"a" * BLOCK * 2 + b"b" * 10)
    (change,) = difference(tmp_path, before, whole_files=True).changes
    assert (change.path, len(change.blocks)) == ("changed", 3)


def test_an_unchanged_folder_differs_by_nothing_and_all_its_blocks_were_compared(tmp_path):
    (tmp_path / "disk").write_bytes(b"a" * (BLOCK * 2 + 1))
    found = difference(tmp_path, folder_image(tmp_path))
    assert found.changes == ()
    assert found.blocks_compared == 3


def test_a_write_is_told_to_the_replication_of_the_disk(tmp_path):
    told = []
    GuestDisk(tmp_path, lambda: told.append("written")).written()
    assert told == ["written"]


PATHS = st.sampled_from(["garoon.sqlite", "garoon.sqlite-journal", "logs/today"])
STEPS = st.one_of(
    st.tuples(st.just("write"), PATHS, st.integers(0, 3 * BLOCK), st.binary(min_size=1, max_size=2 * BLOCK)),
    st.tuples(st.just("truncate"), PATHS, st.integers(0, 3 * BLOCK), st.just(b"")),
    st.tuples(st.just("delete"), PATHS, st.just(0), st.just(b"")),
    st.tuples(st.just("capture"), st.just(""), st.just(0), st.just(b"")),
)


def carry_out(folder: Path, act: str, name: str, number: int, data: bytes) -> None:
    path = folder / name
    if act == "delete":
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "w+b") as file:
        if act == "truncate":
            file.truncate(number)
        else:
            file.seek(number)
            file.write(data)


@given(before=st.lists(STEPS, max_size=6), stale=st.lists(STEPS, max_size=4), during=st.lists(STEPS, max_size=12))
def test_a_copy_that_gets_every_captured_change_equals_the_original(before, stale, during):
    """Copied from what was compared at the beginning; captured meanwhile, at any moment; applied in order."""
    with TemporaryDirectory() as parent:
        original, copy = Path(parent, "original"), Path(parent, "copy")
        for folder, steps in ((original, before), (copy, stale)):
            folder.mkdir()
            for step in steps:
                if step[0] != "capture":
                    carry_out(folder, *step)
        compared = difference(original, folder_image(copy))
        image, spool = compared.image, []
        for step in (*during, ("capture", "", 0, b"")):
            if step[0] == "capture":
                captured = difference(original, image)
                image = captured.image
                spool += captured.changes
            else:
                carry_out(original, *step)
        apply(copy, compared.changes)
        apply(copy, spool)
        assert contents(copy) == contents(original)
