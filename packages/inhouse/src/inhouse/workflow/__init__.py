"""What one does with a project, step by step: every command of inhouse is one function here."""
