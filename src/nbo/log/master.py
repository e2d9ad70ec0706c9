"""The master key: 32 secret bytes that the integrator keeps, and what is derived from them.

It wraps the customers' keys, signs the heads of segments, and turns customer and decision ids into names that tell nobody
without it anything. It never stands in the log's folder.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from nbo.diagnostics.diagnostic import Text
from nbo.log.errors import KeyStoreError

_BYTES = 32
_WRONG_SIZE = Text(
    "a master key has 32 bytes, written as 64 hexadecimal digits", "主密钥为 32 字节，写作 64 位十六进制数字"
)
_UNREADABLE = Text("cannot read the master key: {problem}", "无法读取主密钥：{problem}")
_NO_VARIABLE = Text("the environment has no variable {name}", "没有环境变量 {name}")


class MasterKey:
    """32 bytes from a file, a variable of the environment, or wherever secrets are kept."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """Exactly 32 bytes, or `KeyStoreError`."""
        if len(secret) != _BYTES:
            raise KeyStoreError(_WRONG_SIZE)
        self._secret = secret

    @classmethod
    def from_file(cls, path: str | Path) -> MasterKey:
        """From a file that holds 64 hexadecimal digits, such as `openssl rand -hex 32` writes."""
        try:
            with Path(path).open("rb") as stream:
                return cls._from_digits(stream.read(_BYTES * 4))
        except OSError as error:
            raise KeyStoreError(_UNREADABLE, problem=str(error.strerror)) from None

    @classmethod
    def from_environment(cls, name: str = "NBO_LOG_KEY") -> MasterKey:
        """From a variable with 64 hexadecimal digits."""
        written = os.environ.get(name)
        if written is None:
            raise KeyStoreError(_NO_VARIABLE, name=name)
        return cls._from_digits(written.encode())

    @classmethod
    def _from_digits(cls, digits: bytes) -> MasterKey:
        try:
            return cls(bytes.fromhex(digits.decode("ascii").strip()))
        except ValueError:  # neither digits nor ASCII
            return cls(b"")

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose; from it nobody learns another."""
        return hmac.digest(self._secret, b"nbo log 1 " + purpose.encode(), "sha256")

    def name_of(self, kind: str, value: str) -> str:
        """A name for an id: always the same, and without the master key nobody's."""
        return hmac.digest(self.derived(f"names of {kind}"), value.encode("utf-8", "backslashreplace"), "sha256").hex()

    def signature(self, content: bytes) -> str:
        """Who has the master key wrote this."""
        return hmac.digest(self.derived("signatures"), content, "sha256").hex()

    def signed(self, content: bytes, signature: object) -> bool:
        """Whether a signature is that of the content."""
        return isinstance(signature, str) and hmac.compare_digest(self.signature(content).encode(), signature.encode())
