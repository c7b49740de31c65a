"""`python -m inhouse` is `inhouse`."""

import sys

from inhouse.cli import main

if __name__ == "__main__":
    sys.exit(main())
