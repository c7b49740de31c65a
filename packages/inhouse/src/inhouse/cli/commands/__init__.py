"""The commands that work on a project, one module for each group of them."""
