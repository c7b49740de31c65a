"""{{ cookiecutter.__quoted_description }}

What `__all__` names is the public interface; everything else may change without notice.
"""

from {{ cookiecutter.__import_name }}.greeting import greet

__all__ = ["greet"]
