"""What users of {{ cookiecutter.__project_name }} import.

`__all__` names the public interface; everything else may change without notice.
"""

from {{ cookiecutter.__import_name }}.greeting import greet

__all__ = ["greet"]
