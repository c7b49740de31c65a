"""Keyring backend of inhouse; standard library only, so that it can live in any tool's environment."""
