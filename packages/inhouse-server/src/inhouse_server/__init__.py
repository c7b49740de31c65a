"""The embedded package repository: AWS CodeArtifact's API and the PyPI protocols on your own machine."""
