"""How each outside program is driven: pure functions build commands and read answers, the runner runs them."""
