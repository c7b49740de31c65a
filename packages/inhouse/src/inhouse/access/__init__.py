"""What each tool needs to reach our repository: its configuration files, read and changed, and its variables. Pure.

A file is text in, text out. `undo` remembers what to take back; writing files is the business of `inhouse.workflow`.
"""
