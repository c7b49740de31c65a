"""Why an installer gets what it gets: facts are gathered, reasoned about without asking anybody, and put into words."""
