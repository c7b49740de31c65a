"""What users of the library may rely on."""

import {{ cookiecutter.__import_name }}


def test_the_public_interface_is_what_we_think_it_is() -> None:
    """Whoever adds or removes a public name says so here, and in a changelog fragment."""
    assert sorted({{ cookiecutter.__import_name }}.__all__) == ["greet"]


def test_every_public_name_exists() -> None:
    """A name in `__all__` without an object behind it would break `import *`."""
    for name in {{ cookiecutter.__import_name }}.__all__:
        assert hasattr({{ cookiecutter.__import_name }}, name)
