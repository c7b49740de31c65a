"""Where the project template lies: in the wheel as `inhouse/_template`, in a checkout as `template/` at its top."""

from pathlib import Path

from inhouse.errors import TemplateError

__all__ = ["find_template"]

_PACKAGE = Path(__file__).resolve().parents[1]


def find_template(package: Path = _PACKAGE) -> Path:
    """Return the folder of the template, which holds `copier.yml` and `cookiecutter.json`.

    Args:
        package: The folder of the import package `inhouse`.

    Raises:
        TemplateError: It is in neither place, so the installation is not complete.
    """
    installed = package / "_template"
    # packages/inhouse/src/inhouse, seen from the top of a checkout.
    checkout = package.parents[3] / "template" if len(package.parents) > 3 else installed
    for folder in (installed, checkout):
        if (folder / "copier.yml").is_file():
            return folder
    raise TemplateError(
        f"the project template is missing from this installation of inhouse ({installed})", hint="install inhouse again"
    )
