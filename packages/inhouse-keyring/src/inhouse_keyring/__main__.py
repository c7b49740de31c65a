"""`python -m inhouse_keyring` is `inhouse-keyring`."""

import sys

from inhouse_keyring.program import main

if __name__ == "__main__":
    sys.exit(main())
