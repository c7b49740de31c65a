"""In-house Python libraries, done right: template, workflow, safe access and the package repository."""
