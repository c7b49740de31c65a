"""What makes installs wrong or fail: facts about a project and its surroundings in, findings out. Pure.

Gathering the facts, and mending what can be mended, is the business of `inhouse.workflow`.
"""
