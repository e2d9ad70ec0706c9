"""What all tests share: generated cases are the same on every run and every machine, and commands load a pack once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

import nbo.cli.shared
from nbo import Engine
from nbo.call.matching.choose import MatcherName

SAMPLE = Path(__file__).parents[1] / "rules" / "cn_credit_card"

settings.register_profile("nbo", derandomize=True, database=None, deadline=None, print_blob=False)
settings.load_profile("nbo")


@pytest.fixture(scope="session", autouse=True)
def _commands_load_the_same_files_once() -> Iterator[None]:
    """A command gets the engine of the command before where not a byte of the pack and of what lies beside it has changed.

    An engine cannot be changed by what a command asks of it, and loading one takes longer than all that is tested of most
    commands. What is wrong with a pack is found anew each time, `nbo check` reads anew each time, and so do commands that
    are run as programs.
    """
    loaded: dict[tuple[Path, bytes, MatcherName | None], Engine] = {}

    def load(path: Path, *, matcher: MatcherName | None = None) -> Engine:
        key = path.resolve(), _fingerprint(path.resolve()), matcher
        if key not in loaded:
            loaded[key] = Engine.load(path) if matcher is None else Engine(load(path).pack, matcher=matcher)
        return loaded[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbo.cli.shared, "Engine", SimpleNamespace(load=load))
        yield


@pytest.fixture(scope="session")
def sample() -> Engine:
    """The pack that comes with the library, by the machine's clock; not to be reloaded."""
    return Engine.load(SAMPLE)


@pytest.fixture
def rules_copy(tmp_path: Path) -> Path:
    """A copy of `rules/` to change; of the sample pack's cases it has those of one file, which are soon read and run."""
    rules = tmp_path / "rules"
    shutil.copytree(SAMPLE.parent, rules)
    for path in (rules / SAMPLE.name / "tests").iterdir():
        if path.name not in ("cases.yaml", "personas.yaml"):
            path.unlink()
    return rules


def _fingerprint(pack: Path) -> bytes:
    """Of all files of a pack, and of the rules that its `compliance` takes from the folder beside it."""
    digest = sha256()
    for folder in (pack, pack.parent / "compliance"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.digest()
