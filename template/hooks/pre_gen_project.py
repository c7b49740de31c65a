"""Refuses answers that cannot work before anything is written; the same rules as the validators in copier.yml."""

import re
import sys

TEXT = r"(?!.*[{][#%{])[^\x00-\x1f\x7f-\x9f\u2028\u2029]"

PACKAGE_NAME = {{ cookiecutter.package_name | tojson }}

# Answer, what it must match as a whole, and how that is said.
RULES = [
    (
        "package_name",
        PACKAGE_NAME,
        r"(?=.{1,60}\Z)[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?",
        "60 letters, digits, '-', '_' or '.' at most, a letter first, a letter or digit last",
    ),
    (
        "package_description",
        {{ cookiecutter.package_description | tojson }},
        r"(?=.*\S)" + TEXT + r"{1,300}",
        "one line of 1 to 300 characters",
    ),
    (
        "author_name",
        {{ cookiecutter.author_name | tojson }},
        r"(?=.*\S)" + TEXT + r"{1,100}",
        "one line of 1 to 100 characters",
    ),
    (
        "author_email",
        {{ cookiecutter.author_email | tojson }},
        r"([A-Za-z0-9.+_%-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*)?",
        "an e-mail address, or nothing",
    ),
    (
        "version",
        {{ cookiecutter.version | tojson }},
        r"(0|[1-9][0-9]*)([.](0|[1-9][0-9]*)){2}((a|b|rc)(0|[1-9][0-9]*))?",
        "three numbers like 0.1.0, with a1, b1 or rc1 behind them for a pre-release",
    ),
    (
        "domain",
        {{ cookiecutter.domain | tojson }},
        r"[a-z][a-z0-9-]{0,48}[a-z0-9]",
        "2 to 50 lower-case letters, digits or dashes, a letter first, no dash last",
    ),
    ("owner", {{ cookiecutter.owner | tojson }}, r"[0-9]{12}", "the 12 digits of an AWS account"),
    ("region", {{ cookiecutter.region | tojson }}, r"[a-z]{2}(-[a-z]+)+-[0-9]+", "a region like eu-central-1"),
    (
        "repository",
        {{ cookiecutter.repository | tojson }},
        r"[A-Za-z0-9][A-Za-z0-9._-]{1,99}",
        "2 to 100 letters, digits, '.', '_' or '-', a letter or digit first",
    ),
    (
        "index_name",
        {{ cookiecutter.index_name | tojson }},
        r"[A-Za-z][A-Za-z0-9_]{0,49}",
        "letters, digits and '_', 50 at most, a letter first: it becomes part of UV_INDEX_..._PASSWORD",
    ),
    (
        "endpoint",
        {{ cookiecutter.endpoint | tojson }},
        r"(?!.*/simple/\Z)https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+/",
        "an http or https address that ends with '/', without user, password or 'simple/'",
    ),
    (
        "local_publish_reason",
        {{ cookiecutter.local_publish_reason | tojson }},
        "(" + TEXT + r"{1,300})?",
        "one line of 300 characters at most",
    ),
    (
        "inhouse_version",
        {{ cookiecutter.inhouse_version | tojson }},
        r"[0-9]+([.][0-9]+)*((a|b|rc)[0-9]+)?([.]post[0-9]+)?([.]dev[0-9]+)?",
        "a version like 0.1.0",
    ),
]

problems = [
    "%s %r: it must be %s" % (name, value, rule)
    for name, value, pattern, rule in RULES
    if not re.fullmatch(pattern, value)
]
if re.sub(r"[-_.]+", "_", PACKAGE_NAME).lower() in "{{ cookiecutter.__reserved_names }}".split():
    problems.append("package_name %r: Python, its standard library or the project itself needs that name" % PACKAGE_NAME)
if problems:
    sys.exit("These answers cannot be used:\n  " + "\n  ".join(problems))
