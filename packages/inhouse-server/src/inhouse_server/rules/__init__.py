"""Decisions, as functions of values: no files, no network, no clock, no database."""
