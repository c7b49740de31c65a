"""Use cases: each checks that the caller may, decides by the rules, and owns its transaction."""
