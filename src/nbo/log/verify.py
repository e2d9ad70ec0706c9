"""Whether a log is what was written: every line, its place, and that nothing is cut off at the end.

In: a log's folder; the master key, if it is at hand; what an earlier walk found, if that was kept. Out: for each segment the
first line where the chain breaks, and remarks on what a crash leaves behind. It opens nothing, so it does the same for records
whose keys were destroyed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from nbo.diagnostics.diagnostic import Text
from nbo.log.chain import BEFORE_THE_FIRST, canonical
from nbo.log.manifest import MANIFEST
from nbo.log.master import MasterKey
from nbo.log.read import Line, head_of, lines, lines_of, segments
from nbo.log.segment import KINDS, LINES, SEGMENTS

_PROBLEMS: Mapping[str, Text] = {
    "changed": Text("the line is not the one that was written", "该行已不是写入时的内容"),
    "missing": Text("lines are missing before this one", "此行之前有缺失的行"),
    "reordered": Text("the line is not in its place", "该行不在原来的位置"),
    "replaced": Text("the line before it was replaced", "前一行已被替换"),
    "foreign": Text("the line belongs to another segment", "该行属于其他分段"),
    "after_end": Text("the segment had ended before this line", "该分段在此行之前已结束"),
    "cut_off": Text(
        "the file ends here, but {witness} knows {count} lines", "文件到此结束，但{witness}记有 {count} 行"
    ),
    "other_than_known": Text("line {count} is another one than {witness} knows", "第 {count} 行与{witness}所记不同"),
    "no_head": Text("the segment has no head that can be read", "该分段没有可读的头文件"),
    "forged_head": Text("the head was not signed with this master key", "头文件不是用此主密钥签名的"),
    "forged_entry": Text("the entry was not signed with this master key", "该条目不是用此主密钥签名的"),
    "no_manifest": Text("the log has no manifest", "日志没有清单文件"),
    "segment_missing": Text("the segment `{segment}` is missing", "缺少分段 `{segment}`"),
    "segment_unknown": Text("the manifest does not know this segment", "清单中没有该分段"),
}
_REMARKS: Mapping[str, Text] = {
    "torn": Text(
        "the last line is half written: its process died, and nobody was told that it was there",
        "最后一行只写了一半：进程已中断，且未有人被告知该行已写入",
    ),
    "beyond_head": Text("{count} lines were written after the head", "头文件之后又写入了 {count} 行"),
    "not_ended": Text(
        "the segment did not end: its process still runs, or it died with what it had not written yet",
        "该分段未结束：进程仍在运行，或已中断且有尚未写入的内容",
    ),
    "never_used": Text("the segment was begun and never used", "该分段建立后从未使用"),
    "clock_back": Text(
        "the clock went back {count} times; the order is that of the lines", "时钟回拨 {count} 次；顺序以行序为准"
    ),
    "not_signed": Text(
        "without the master key nobody can tell who wrote heads and manifest", "没有主密钥，无法确认头文件和清单由谁写入"
    ),
}  # fmt: skip
_WITNESSES: Mapping[str, Text] = {
    "head": Text("its head", "头文件"),
    "manifest": Text("the manifest", "清单"),
    "earlier": Text("the earlier report", "先前的报告"),
}


@dataclass(frozen=True, slots=True)
class LogFinding:
    """Something about a line (or a file, with line 0); a remark is no problem."""

    code: str
    file: str
    line: int
    template: Text
    values: Mapping[str, str | Text]
    problem: bool

    @property
    def place(self) -> str:
        """`segments/NAME.log:17`."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def text(self, language: str) -> str:
        """What is wrong, in words."""
        return self.template.fill(language, self.values)

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values."""
        return {"code": self.code, "file": self.file, "line": self.line, "text": self.text(language)}


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: how many whole lines and records it has, and the hash of the last line that is sound."""

    file: str
    lines: int
    records: int
    last: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk over a log found."""

    files: tuple[Checked, ...]
    findings: tuple[LogFinding, ...]

    @property
    def sound(self) -> bool:
        """Whether every line that was written is there, in its place, and no other."""
        return not any(each.problem for each in self.findings)

    @property
    def records(self) -> int:
        """How many records there are."""
        return sum(each.records for each in self.files)

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values; kept elsewhere, they are what a later walk is held against."""
        return {
            "sound": self.sound,
            "records": self.records,
            "files": [
                {"file": each.file, "lines": each.lines, "records": each.records, "last": each.last}
                for each in self.files
            ],
            "problems": [each.to_dict(language) for each in self.findings if each.problem],
            "remarks": [each.to_dict(language) for each in self.findings if not each.problem],
        }


@dataclass(frozen=True, slots=True)
class Known:
    """That a file had so many lines, and the hash of the last one; `witness` says where that is from."""

    witness: str
    count: int
    last: str


def verify(folder: Path, master: MasterKey | None = None, earlier: Mapping[str, Known] | None = None) -> Verification:
    """Walk over a log; no log at all raises `LogError`.

    `earlier` has, by file, what an earlier walk found. Without the master key signatures are not looked at.
    """
    return _Walk(folder, master, earlier or {}).verification()


class _Walk:
    def __init__(self, folder: Path, master: MasterKey | None, earlier: Mapping[str, Known]) -> None:
        self.folder, self.master, self.earlier = folder, master, earlier
        self.there = segments(folder)
        self.begun: set[str] = set()
        self.ended: dict[str, Known] = {}

    def verification(self) -> Verification:
        """The manifest first, then every segment that it or the folder has."""
        files, findings = [], []
        for checked, found in chain([self.manifest()], map(self.segment, self.there)):
            files.append(checked)
            findings.extend(found)
        there = {_file(each) for each in segments(self.folder)}  # again: some may have begun since
        gone = ({_file(each) for each in self.begun} | self.earlier.keys() - {MANIFEST}) - there
        findings.extend(_problem("segment_missing", each, 0, segment=Path(each).stem) for each in sorted(gone))
        if self.master is None:
            findings.append(_remark("not_signed", MANIFEST, 0))
        return Verification(tuple(files), tuple(findings))

    def manifest(self) -> tuple[Checked, list[LogFinding]]:
        """What segments there should be."""
        if not (self.folder / MANIFEST).is_file():
            return Checked(MANIFEST, 0, 0, BEFORE_THE_FIRST), [_problem("no_manifest", MANIFEST, 0)]
        walked = _Chain(MANIFEST, lines(self.folder / MANIFEST))
        for line in walked.every_line():
            content = line.content
            if content is None:
                continue
            if self.master is not None and walked.broken is None and not self.is_signed(content, self.master):
                walked.broken = _problem("forged_entry", MANIFEST, line.number)
            name = content.get("segment")
            if isinstance(name, str) and content.get("event") == "begun":
                self.begun.add(name)
            elif isinstance(name, str) and content.get("event") == "ended":
                self.ended[name] = Known("manifest", _whole(content.get("count")), str(content.get("last")))
        found = walked.findings(self.known(MANIFEST))
        return Checked(MANIFEST, walked.count, 0, walked.last), found

    def segment(self, name: str) -> tuple[Checked, list[LogFinding]]:
        """One segment; its head is read before its lines, because a process may be adding some."""
        file = _file(name)
        head = head_of(self.folder, name)
        walked = _Chain(file, lines_of(self.folder, name), name)
        records = sum(
            line.content is not None and line.content.get("kind") in KINDS and walked.broken is None
            for line in walked.every_line()
        )
        known = self.known(file)
        if name in self.ended:
            known.append(self.ended[name])
        if head is not None:
            known.append(Known("head", head.count, head.last))
        found = walked.findings(known)
        if not any(each.problem for each in found):
            found.extend(self.about_head(file, name, walked))
        return Checked(file, walked.count, records, walked.last), found

    def about_head(self, file: str, name: str, walked: _Chain) -> Iterator[LogFinding]:
        head = head_of(self.folder, name)
        if name not in self.begun:
            yield _problem("segment_unknown", file, 0) if walked.count > 1 else _remark("never_used", file, 0)
        elif head is None:
            yield _problem("no_head", file, 0)
        elif self.master is not None and not self.master.signed(head.words, head.signature):
            yield _problem("forged_head", file, 0)
        elif head.count < walked.count:
            yield _remark("beyond_head", file, walked.count, count=str(walked.count - head.count))
        if name in self.begun and name not in self.ended:
            yield _remark("not_ended", file, walked.count)

    def known(self, file: str) -> list[Known]:
        return [self.earlier[file]] if file in self.earlier else []

    def is_signed(self, content: Mapping[str, Any], master: MasterKey) -> bool:
        unsigned = {name: each for name, each in content.items() if name != "signed"}
        return master.signed(canonical(unsigned), content.get("signed"))


class _Chain:
    """A file's lines held against each other; `broken` is the first line that does not fit."""

    def __init__(self, file: str, read: Iterator[Line], segment: str | None = None) -> None:
        self.file, self.read, self.segment = file, read, segment
        self.count = 0
        self.last = BEFORE_THE_FIRST
        self.hashes: list[str] = []
        self.broken: LogFinding | None = None
        self.expects: tuple[int, int] | None = None  # the number that was missing, and the line where it was
        self.torn: int | None = None
        self.ended = False
        self.back = 0
        self.clock: datetime | None = None

    def every_line(self) -> Iterator[Line]:
        """The lines up to the break, and then those that can be read, to tell what is missing from what was moved."""
        for line in self.read:
            if line.torn:
                self.torn = line.number
                continue
            if self.broken is None:
                self.look_at(line)
            elif self.expects is not None and line.content is not None and line.content.get("n") == self.expects[0]:
                self.broken = _problem("reordered", self.file, self.expects[1])
                self.expects = None
            yield line

    def look_at(self, line: Line) -> None:
        code = self.wrong_with(line)
        if code is not None:
            self.broken = _problem(code, self.file, line.number)
            if code == "missing":
                self.expects = self.count, line.number
            return
        content = line.content or {}
        self.count, self.last = self.count + 1, line.hash
        self.hashes.append(line.hash)
        self.ended = content.get("kind") == "end"
        moment = _moment(content.get("at"))
        if moment is not None and self.clock is not None and moment < self.clock:
            self.back += 1
        self.clock = moment or self.clock

    def wrong_with(self, line: Line) -> str | None:
        content = line.content
        if content is None:
            return "changed"
        number = content.get("n")
        if number != self.count:
            return "missing" if isinstance(number, int) and number > self.count else "reordered"
        if content.get("prev") != self.last:
            return "replaced"
        if self.segment is not None and content.get("segment") != self.segment:
            return "foreign"
        return "after_end" if self.ended else None

    def findings(self, known: Sequence[Known]) -> list[LogFinding]:
        """The first problem, and remarks."""
        if self.broken is not None:
            return [self.broken]
        for each in known:
            if each.count < 1:
                continue
            if each.count > self.count:
                return [self.against("cut_off", self.count, each)]
            if self.hashes[each.count - 1 : each.count] != [each.last]:
                return [self.against("other_than_known", each.count, each)]
        remarks = []
        if self.torn is not None:
            remarks.append(_remark("torn", self.file, self.torn))
        if self.back and self.segment is not None:  # the manifest has entries of many machines
            remarks.append(_remark("clock_back", self.file, 0, count=str(self.back)))
        return remarks

    def against(self, code: str, line: int, known: Known) -> LogFinding:
        values: dict[str, str | Text] = {"count": str(known.count), "witness": _WITNESSES[known.witness]}
        return LogFinding(code, self.file, line, _PROBLEMS[code], values, problem=True)


def _file(segment: str) -> str:
    return f"{SEGMENTS}/{segment}{LINES}"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _problem(code: str, file: str, line: int, **values: str) -> LogFinding:
    return LogFinding(code, file, line, _PROBLEMS[code], values, problem=True)


def _remark(code: str, file: str, line: int, **values: str) -> LogFinding:
    return LogFinding(code, file, line, _REMARKS[code], values, problem=False)
