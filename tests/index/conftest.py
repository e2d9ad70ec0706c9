"""Generated dictionaries and small packs for the tests of this folder."""

import sys
from pathlib import Path

for folder in ("decide", "language"):  # tiny_pack; random_dictionaries, corner_customers
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
