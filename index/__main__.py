"""`assistant index` over sources/, into index/store/, wherever it is called from."""

import sys
from pathlib import Path

from assistant.cli import main

CHECKOUT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    main(["index", str(CHECKOUT / "sources"), "--store", str(CHECKOUT / "index" / "store"), *sys.argv[1:]])
