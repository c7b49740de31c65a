"""The client of the package repository, AWS's or the embedded one: CodeArtifact's API and the project pages."""
