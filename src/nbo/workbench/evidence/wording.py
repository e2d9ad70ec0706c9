"""The report's own words in both languages, and how it shows what a pack calls things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span
from nbo.language.template import Placeholder, Template
from nbo.pack.clause import InForce, Words
from nbo.pack.files.shared import ANSWER
from nbo.workbench.evidence.document import Aside, Code, Fixed, Inline, Line, Link, Spoken, Tag, Tone, parted
from nbo.workbench.evidence.report import Standing

ALL = Text("all", "全部")
NONE = Text("none", "无")
_FROM = Text("from {day}", "自 {day} 起")
_THROUGH = Text("through {day}", "至 {day} 止")
_ALWAYS = Text("without dates", "未写日期")
_AND_MORE = Text("and {count} more", "等另外 {count} 个")

KINDS: Mapping[str, Text] = {
    "forbid": Text("forbidden wording", "禁用措辞"),
    "require": Text("required words", "必说内容"),
    "gate": Text("gate", "门槛"),
    "bound": Text("bound on the quote", "报价限制"),
    "bind": Text("numbers bound to the quote", "数字绑定报价"),
    "talk_time": Text("talk time", "通话时长"),
}
EVIDENCE: Mapping[str, tuple[Text, Tone]] = {
    "official": (Text("official text", "官方原文"), "sure"),
    "secondary": (Text("secondary source", "二手来源"), "confirm"),
    "bank_policy": (Text("bank policy", "行内政策"), "own"),
}
SEVERITY: Mapping[str, Text] = {"block": Text("blocks", "阻止"), "warn": Text("warns", "提醒")}
STANDING: Mapping[Standing, tuple[Text, Tone]] = {
    "in_force": (Text("in force", "生效中"), "plain"),
    "to_come": (Text("not yet in force", "尚未生效"), "alert"),
    "lapsed": (Text("lapsed", "已失效"), "alert"),
}
OFFER_KINDS: Mapping[str, Text] = {
    "sales": Text("sales", "营销"),
    "service": Text("service", "服务"),
    "mandatory": Text("mandatory", "必办"),
}
STAGES: Mapping[str, Text] = {
    "opening": Text("opening", "开场"),
    "need": Text("need", "需求"),
    "offer": Text("offer", "报价"),
    "disclosure": Text("disclosure", "告知"),
    "consent": Text("consent", "征求同意"),
    "close": Text("close", "结束"),
    ANSWER: Text("each answer to an objection", "每条异议应答"),
}
LANGUAGES: Mapping[str, Text] = {"zh": Text("Chinese", "中文"), "en": Text("English", "英文")}
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Wording:
    """How the report says things in one language."""

    language: str

    def of(self, text: Text, **values: object) -> str:
        """Words of the report."""
        return text.fill(self.language, {name: str(value) for name, value in values.items()})

    def own(self, words: Words) -> Line:
        """A pack's words: in the report's language, or in the first that it has."""
        if self.language in words:
            return (words[self.language],)
        return tuple(Spoken(language, (text,)) for language, text in list(words.items())[:1])

    def plain(self, words: Words, otherwise: str) -> str:
        """The same as bare text, for headings."""
        return words.get(self.language) or next(iter(words.values()), otherwise)

    def evidence(self, name: str) -> Tag:
        """How sure a source is."""
        text, tone = EVIDENCE[name]
        return Tag(self.of(text), tone)

    def standing(self, name: Standing) -> Tag:
        """Whether something is in force."""
        text, tone = STANDING[name]
        return Tag(self.of(text), tone)

    def dates(self, force: InForce) -> Line:
        """From when until when."""
        days: list[tuple[Text, date | None]] = [(_FROM, force.start), (_THROUGH, force.through)]
        known: list[Line] = [(Fixed(self.of(text, day=day)),) for text, day in days if day is not None]
        return parted(known, " ") or (self.of(_ALWAYS),)

    def names(self, known: Iterable[str] | None) -> Line:
        """Names in order, or that it is all of them."""
        if known is None:
            return (self.of(ALL),)
        return parted([(Code(each),) for each in sorted(known)], self.comma) or (self.of(NONE),)

    def some(self, ids: tuple[str, ...]) -> Line:
        """The first of many ids, and how many more there are."""
        shown = parted([(Code(each),) for each in ids[:_MOST_NAMES]], self.comma)
        rest = len(ids) - _MOST_NAMES
        return (*shown, " ", self.of(_AND_MORE, count=rest)) if rest > 0 else shown

    @property
    def comma(self) -> str:
        """What stands between the items of a list."""
        return "、" if self.language == "zh" else ", "

    def linked(self, prefix: str, ids: Iterable[str]) -> Line:
        """The ways to sections of one sort."""
        return parted([(Link(f"{prefix}-{each}", each),) for each in ids], self.comma) or (self.of(NONE),)


def place(span: Span) -> Inline:
    """File and line, relative to the pack."""
    return Aside(f"{span.source.name}:{span.line}")


def spoken(template: Template, language: str) -> Spoken:
    """A text with its placeholders as such."""
    parts = (
        Code(f"{{{{ {part.attribute.name} }}}}") if isinstance(part, Placeholder) else part for part in template.parts
    )
    return Spoken(language, tuple(parts))
