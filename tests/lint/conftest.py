"""Small packs for the tests of this folder."""

import sys
from pathlib import Path

for folder in ("decide", "pack"):  # tiny_pack, pack_copy
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
