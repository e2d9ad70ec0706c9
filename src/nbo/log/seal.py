"""AES-256-GCM: the only place that encrypts. Needs the extra `log` (`pip install nbo[log]`)."""

from __future__ import annotations

import os
import zlib

from nbo.diagnostics.diagnostic import Text
from nbo.log.errors import LogError

_NO_EXTRA = Text(
    "a decision log needs the extra `log`: pip install nbo[log]", "决策日志需要附加组件 `log`：pip install nbo[log]"
)
_OTHER_KEY = Text("it was not sealed with this key, or it was changed", "它不是用此密钥封存的，或已被更改")
_NOT_PACKED = Text("what was sealed is not what a log holds", "封存的内容不是日志应有的内容")

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError as error:  # pragma: no cover - the extra is installed where tests run
    raise LogError(_NO_EXTRA) from error

KEY_BYTES = 32
_NONCE_BYTES = 12
MOST_OPENED = 256 * 1024 * 1024
_FAST = 1  # PERF: level 1 makes a fourth of a decision in 90 us, level 6 a fifth in 170 us (benchmarks/logging_decisions.py)


def new_key() -> bytes:
    """A fresh random key."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def seal(key: bytes, content: bytes, beside: bytes) -> bytes:
    """Content encrypted under a key; `beside` is not in it, and has to be the same when it is opened."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, beside)


def unseal(key: bytes, sealed: bytes, beside: bytes) -> bytes:
    """The content; `LogError` where the key is another one, or anything was changed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], beside)
    except (InvalidTag, ValueError):
        raise LogError(_OTHER_KEY) from None


def packed(content: bytes) -> bytes:
    """Smaller; before it is sealed, because afterwards nothing is to be gained."""
    return zlib.compress(content, _FAST)


def unpacked(content: bytes) -> bytes:
    """As it was before `packed`; `LogError` where it is not that, or larger than anything that is written."""
    reader = zlib.decompressobj()
    try:
        read = reader.decompress(content, MOST_OPENED)
    except zlib.error:
        raise LogError(_NOT_PACKED) from None
    if not reader.eof:
        raise LogError(_NOT_PACKED)
    return read
