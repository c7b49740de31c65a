"""CodeArtifact's operations by family; every module here is found and loaded by itself."""
