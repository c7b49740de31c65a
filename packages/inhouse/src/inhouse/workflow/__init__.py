"""What one does with a project: each module is one activity, made of the tools and the repository's client."""
