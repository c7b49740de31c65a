"""Keyring backend of inhouse, and the tokens behind it; standard library only, to live in any tool's environment."""
