"""`python -m inhouse_server` is `inhouse-server`."""

from inhouse_server.cli import main

if __name__ == "__main__":
    main()
