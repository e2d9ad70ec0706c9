"""Packs by their hash, so that an old decision is made again by the rules of its day.

    packs/files/3f/3f9a…        a file's text, by its SHA-256; the packs that share it share it here
    packs/9c41….json            a pack: its folder's name, and its files by name (`../compliance/cn.yaml` too)

In: a linked pack, with the texts that it was read from. Out: the same pack, with the same hash, whatever has become of its
folder. A pack is there in full or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nbo.diagnostics.diagnostic import Text
from nbo.log.chain import canonical
from nbo.log.errors import ArchiveError
from nbo.log.files import OpenFile, open_private, replace_file, sync_folder
from nbo.pack.load import load_pack
from nbo.pack.rulepack import RulePack

PACKS = "packs"
_FILES = "files"
_ABSENT = Text("the archive has no pack {pack}", "归档中没有规则包 {pack}")
_DAMAGED = Text("the archive's pack {pack} is damaged", "归档的规则包 {pack} 已损坏")
_FILE_ABSENT = Text("a file of the archive's pack {pack} is absent", "归档的规则包 {pack} 缺少一个文件")
_FILE_DAMAGED = Text("a file of the archive's pack {pack} is damaged", "归档的规则包 {pack} 有一个文件已损坏")
_OUTSIDE = Text("the archive's pack {pack} has a file outside its folder", "归档的规则包 {pack} 有文件在其文件夹之外")
_OTHER = Text("the archive's pack {pack} is not the one that was put there", "归档的规则包 {pack} 不是当初放入的那一个")
_CHANGED = Text("{file} of the pack {pack} has changed since it was loaded", "规则包 {pack} 的 {file} 在加载之后已更改")
_NOT_READ = Text(
    "this version of nbo cannot read the pack {pack}: {codes}", "当前版本的 nbo 无法读取规则包 {pack}：{codes}"
)


class PackArchive:
    """A folder of packs; several processes fill it at once."""

    def __init__(self, folder: str | Path, *, open_file: OpenFile = open_private) -> None:
        """The folder is made with the first pack."""
        self.folder = Path(folder)
        self._open_file = open_file

    def __contains__(self, pack_hash: str) -> bool:
        return self._list_of(pack_hash).is_file()

    def keep(self, pack: RulePack) -> None:
        """Put a pack in; one that is there already stays as it is.

        Raises `OSError`, and `ArchiveError` where a text was let go and its file has changed since.
        """
        if pack.hash in self:
            return
        files: dict[str, str] = {}
        folders: set[Path] = set()
        for source in pack.sources:
            content = source.text.encode()
            files[source.name] = digest = sha256(content).hexdigest()
            if digest != source.digest.hex():
                raise ArchiveError(_CHANGED, pack=pack.hash[:12], file=source.name)
            path = self._file(digest)
            if not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(path, content, self._open_file, sync=True)
                folders.add(path.parent)
        for folder in folders:
            sync_folder(folder)
        known = {"name": pack.name, "version": pack.version, "folder": pack.root.resolve().name, "files": files}
        replace_file(self._list_of(pack.hash), canonical(known), self._open_file, sync=True)
        sync_folder(self.folder)

    def load(self, pack_hash: str, at: datetime) -> RulePack:
        """The pack as it was; `ArchiveError` where it is absent, damaged, or this version of nbo cannot read it."""
        name, files = self._known(pack_hash)
        with TemporaryDirectory(prefix="nbo-pack-") as folder:
            rules = Path(folder).resolve()
            for file, digest in files.items():
                path = (rules / name / file).resolve()
                if not path.is_relative_to(rules):
                    raise ArchiveError(_OUTSIDE, pack=pack_hash[:12])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._content(pack_hash, digest))
            pack, found = load_pack(rules / name, at)
        if pack is None:
            codes = ", ".join(sorted({each.code.id for each in found}))
            raise ArchiveError(_NOT_READ, pack=pack_hash[:12], codes=codes)
        if pack.hash != pack_hash:
            raise ArchiveError(_OTHER, pack=pack_hash[:12])
        return pack

    def _known(self, pack_hash: str) -> tuple[str, Mapping[str, str]]:
        """The name of a pack's folder, and the digests of its files by name."""
        try:
            known = json.loads(self._list_of(pack_hash).read_bytes())
            return str(known["folder"]), {str(name): str(each) for name, each in known["files"].items()}
        except FileNotFoundError:
            raise ArchiveError(_ABSENT, pack=pack_hash[:12]) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise ArchiveError(_DAMAGED, pack=pack_hash[:12]) from None

    def _content(self, pack_hash: str, digest: str) -> bytes:
        try:
            content = self._file(digest).read_bytes()
        except (OSError, ValueError):
            raise ArchiveError(_FILE_ABSENT, pack=pack_hash[:12]) from None
        if sha256(content).hexdigest() != digest:
            raise ArchiveError(_FILE_DAMAGED, pack=pack_hash[:12])
        return content

    def _file(self, digest: str) -> Path:
        return self.folder / _FILES / digest[:2] / digest

    def _list_of(self, pack_hash: str) -> Path:
        return self.folder / f"{pack_hash}.json"
