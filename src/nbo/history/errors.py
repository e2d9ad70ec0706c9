"""What goes wrong with a store, each kind a type of its own; one line, without SQL and without personal data.

Retrying is the store's own business: an error that comes out has been retried where that could help.
"""

from __future__ import annotations

from typing import ClassVar

from nbo.diagnostics.diagnostic import Text


class StoreError(Exception):
    """A store could not do what it was asked, and changed nothing that it does not say.

    `code` is the database's own code for what happened, empty where there is none.
    """

    words: ClassVar[Text] = Text("the history store met an error that it does not know", "历史库遇到未知错误")

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        """The message in a language."""
        said = self.words.fill(language)
        return f"{said} ({self.code})" if self.code else said


class StoreUnavailableError(StoreError):
    """The database cannot be reached, or ended the connection each time."""

    words = Text("the history store cannot be reached", "无法连接历史库")


class StoreBusyError(StoreError):
    """A lock, a connection or a statement took longer than its time."""

    words = Text("the history store did not answer in its time", "历史库未在限定时间内答复")


class StoreFullError(StoreError):
    """No room is left where the store lies."""

    words = Text("no disk space is left for the history store", "历史库所在磁盘已满")


class StoreReadOnlyError(StoreError):
    """The store can be read and not written."""

    words = Text("the history store cannot be written", "历史库不可写")


class StoreDamagedError(StoreError):
    """The file is damaged, or is no database."""

    words = Text("the history store is damaged, or is no database", "历史库已损坏，或不是数据库")


class StoreMissingError(StoreError):
    """There is no store, and none was to be made."""

    words = Text("there is no history store", "历史库不存在")


class NewerSchemaError(StoreError):
    """A newer nbo has made or migrated the store; this one does not touch it."""

    words = Text("a newer nbo has made the history store", "历史库由更新版本的 nbo 建立")


class FutureInteractionError(StoreError):
    """An interaction lies further in the future than clocks differ; it was not recorded."""

    words = Text("the interaction lies in the future by the clock of the store", "按历史库的时钟，该互动发生在未来")


class HistoryTooLongError(StoreError):
    """A customer has more interactions than are read."""

    words = Text("the customer has more interactions than are read", "该客户的互动记录超过读取上限")
