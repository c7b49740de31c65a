"""Gets the pinned `inhouse` for a fresh clone: `make bootstrap`, or `python .inhouse/bootstrap.py`.

It installs the version that `.inhouse-version` names into an environment of its own, `.inhouse/tool`, from the
project's one index and from nowhere else. It needs Python 3.11 or newer and nothing but its standard library; the token
comes from the variable CODEARTIFACT_AUTH_TOKEN or from the AWS CLI, and is written to no file and no command line.

This file belongs to inhouse and is replaced by it: do not edit it here.
"""

import base64
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

# Nothing above or in the syntax of this file may need a newer Python than 3.6: an old one must get as far as the
# message that it is too old.
MINIMUM_PYTHON = (3, 11)

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(ROOT, ".inhouse", "tool")
SETUP_HINT = "is this file inside its project, and pyproject.toml as it was generated?"

# AWS's shortest lifetime; what is done here takes less than a minute.
TOKEN_SECONDS = "900"

# What may be inherited by pip and uv. Everything else of theirs is dropped: most of it could bring in a second index.
KEPT = {
    "PIP_CACHE_DIR", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_DEFAULT_TIMEOUT", "PIP_NO_CACHE_DIR", "PIP_PROXY", "PIP_RETRIES",
    "PIP_TRUSTED_HOST", "UV_CACHE_DIR", "UV_CONCURRENT_DOWNLOADS", "UV_HTTP_RETRIES", "UV_HTTP_TIMEOUT",
    "UV_INSECURE_HOST", "UV_LINK_MODE", "UV_NATIVE_TLS", "UV_NO_CACHE", "UV_OFFLINE", "UV_SYSTEM_CERTS",
}


class BootstrapError(Exception):
    """Something is missing or refused; `hint` says what to do next."""

    def __init__(self, message, hint):
        """Keep what happened and what to do about it."""
        super().__init__(message)
        self.hint = hint


class Project:
    """What the project says about its index and about the inhouse it wants.

    Attributes:
        version: The pinned version of inhouse.
        domain: CodeArtifact domain.
        owner: AWS account that owns the domain.
        region: AWS region of the domain.
        index: Address of the one index, which ends with `simple/`.
    """

    def __init__(self, version, domain, owner, region, index):
        """Keep the values."""
        self.version = version
        self.domain = domain
        self.owner = owner
        self.region = region
        self.index = index


def read_project(root):
    """Return what the project in the folder `root` says.

    Raises:
        BootstrapError: `.inhouse-version` or `pyproject.toml` is missing or is not as it must be.
    """
    import tomllib

    try:
        with open(os.path.join(root, ".inhouse-version"), encoding="utf-8") as file:
            version = file.read().strip()
        with open(os.path.join(root, "pyproject.toml"), "rb") as file:
            tools = tomllib.load(file)["tool"]
        settings = tools["inhouse"]
        domain, owner, region = (str(settings[key]) for key in ("domain", "owner", "region"))
        indexes = tools["uv"]["index"]
        index = str(indexes[0]["url"])
    except OSError as error:
        raise BootstrapError("%s cannot be read: %s" % (error.filename, error.strerror), SETUP_HINT) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BootstrapError("pyproject.toml is broken: %s" % error, "mend the line, or restore the file from git") from error
    except (KeyError, IndexError, TypeError) as error:
        hint = "it needs [tool.inhouse] with domain, owner and region, and one [[tool.uv.index]] with its url"
        raise BootstrapError("pyproject.toml lacks %s" % error, hint) from error
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?", version):
        raise BootstrapError(
            ".inhouse-version holds %r, which is no version" % version, "it must hold one version of inhouse, like 0.1.0"
        )
    if len(indexes) > 1:
        raise BootstrapError(
            "pyproject.toml names %d indexes" % len(indexes),
            "remove all [[tool.uv.index]] but the repository: with a second one, whoever claims our names there wins",
        )
    return Project(version, domain, owner, region, index if index.endswith("/") else index + "/")


def get_token(project, environ):
    """Return a token for the project's repository, from the environment or by asking the AWS CLI.

    Raises:
        BootstrapError: There is neither a token nor an AWS CLI, or the AWS CLI gets none.
    """
    token = environ.get("CODEARTIFACT_AUTH_TOKEN", "").strip()
    if token:
        say("using the token in CODEARTIFACT_AUTH_TOKEN")
        return token
    aws = shutil.which("aws", path=environ.get("PATH"))
    if aws is None:
        raise BootstrapError(
            "there is no token: CODEARTIFACT_AUTH_TOKEN is not set, and the AWS CLI is not installed",
            "install the AWS CLI and log in with it, or export CODEARTIFACT_AUTH_TOKEN",
        )
    say("asking the AWS CLI for a token (domain %s of account %s)" % (project.domain, project.owner))
    command = [aws, "codeartifact", "get-authorization-token", "--domain", project.domain]
    command += ["--domain-owner", project.owner, "--region", project.region, "--duration-seconds", TOKEN_SECONDS]
    command += ["--query", "authorizationToken", "--output", "text"]
    try:
        done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError as error:
        raise BootstrapError("the AWS CLI does not start: %s" % error, "reinstall it: %s" % aws) from error
    token = done.stdout.strip()
    if done.returncode != 0 or not token:
        said = (done.stderr or "it printed no token").strip()
        raise BootstrapError(
            "the AWS CLI got no token: %s" % said,
            "log in (for example `aws sso login`), choose another profile with AWS_PROFILE, or ask for the permission "
            "codeartifact:GetAuthorizationToken on the domain %s" % project.domain,
        )
    return token


def check_index(project, token):
    """Ask the index whether it takes the token and has the pinned version, so that a refusal is told in plain words.

    Raises:
        BootstrapError: The token is refused, the index is not reachable, or it does not have the version.
    """
    page = urllib.parse.urljoin(project.index, "inhouse/")
    login = base64.b64encode(("aws:" + token).encode()).decode()
    try:
        request = urllib.request.Request(page, headers={"Accept": "text/html"})
        request.add_unredirected_header("Authorization", "Basic " + login)  # never sent to where an answer may point
        with urllib.request.urlopen(request, timeout=60) as answer:
            listing = answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        error.close()
        raise refusal(project, error) from error
    except (OSError, ValueError) as error:
        if isinstance(getattr(error, "reason", error), ssl.SSLError):
            return  # pip and uv may know certificates that this Python does not: let them try
        raise BootstrapError(
            "the repository at %s cannot be reached: %s" % (project.index, getattr(error, "reason", error)),
            "check the network and VPN, and that the repository runs; its address is in pyproject.toml, [[tool.uv.index]]",
        ) from error
    if not re.search(r"inhouse-%s(-|\.tar\.gz|\.zip)" % re.escape(project.version), listing):
        raise BootstrapError(
            "inhouse %s is not in the repository %s" % (project.version, project.index),
            "ask whoever keeps the repository to publish it there, or name a version it has in .inhouse-version",
        )


def refusal(project, error):
    """Return the error that says in plain words why the index answered with a status that is not 200."""
    if error.code == 401:
        return BootstrapError(
            "the repository at %s refused the token (401)" % project.index,
            "it may have expired, or be for another domain: unset CODEARTIFACT_AUTH_TOKEN, or get a new token",
        )
    if error.code == 403:
        return BootstrapError(
            "the repository at %s knows you, but does not let you read (403)" % project.index,
            "ask for the permission codeartifact:ReadFromRepository on it",
        )
    if error.code == 404:
        return BootstrapError(
            "the repository at %s has no inhouse (404)" % project.index,
            "check the address in pyproject.toml, [[tool.uv.index]], or ask whoever keeps the repository to publish inhouse there",
        )
    return BootstrapError(
        "the repository at %s answered %d %s" % (project.index, error.code, error.reason), "try again in a minute"
    )


def clean_environment(environ):
    """Return the environment for pip and uv, without anything that could add a second index or another Python."""
    others = {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "CODEARTIFACT_AUTH_TOKEN"}
    kept = {
        name: value
        for name, value in environ.items()
        if name not in others and (name.upper() in KEPT or not name.upper().startswith(("PIP_", "UV_")))
    }
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}


def python_of(tool):
    """Return the path of the Python inside the environment `tool`."""
    return os.path.join(tool, "Scripts", "python.exe") if os.name == "nt" else os.path.join(tool, "bin", "python")


def installed_version(tool):
    """Return the version of inhouse in the environment `tool`; empty if there is none that works."""
    question = "from importlib.metadata import version; import inhouse; print(version('inhouse'))"
    try:
        done = subprocess.run([python_of(tool), "-I", "-c", question], capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def install(project, token, environ, tool):
    """Make the environment `tool` with the pinned inhouse; what was there before comes back if that fails.

    Raises:
        BootstrapError: uv, venv or pip failed; what they said has been shown.
    """
    old = tool + ".old"
    remove(old)
    try:
        if os.path.lexists(tool):
            os.replace(tool, old)
    except OSError as error:
        raise BootstrapError(
            "%s cannot be replaced: %s" % (tool, error.strerror), "close whatever uses it, and run this again"
        ) from error
    try:
        for command, extra in commands(project, token, environ, tool):
            run(command, dict(clean_environment(environ), **extra))
        if installed_version(tool) != project.version:
            raise BootstrapError("what was installed is not inhouse %s" % project.version, "remove %s and run this again" % tool)
    except BaseException:
        remove(tool)
        if os.path.lexists(old):
            os.replace(old, tool)
        raise
    remove(old)


def commands(project, token, environ, tool):
    """Return what to run, in order: argv and the variables that go with it. The token is in variables only.

    Where there is no uv on the machine, pip gets it first: inhouse needs it anyway, and it installs the rest in a
    fraction of the time that pip would take.
    """
    uv = shutil.which("uv", path=environ.get("PATH"))
    if uv:
        before = [([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, tool], {})]
    else:
        uv = os.path.join(os.path.dirname(python_of(tool)), "uv.exe" if os.name == "nt" else "uv")
        scheme, rest = project.index.split("://", 1)
        address = "%s://aws:%s@%s" % (scheme, urllib.parse.quote(token, safe=""), rest)
        pip = [python_of(tool), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet", "uv"]
        before = [([sys.executable, "-m", "venv", tool], {}), (pip, {"PIP_INDEX_URL": address})]
    login = {"UV_INDEX_INHOUSE_USERNAME": "aws", "UV_INDEX_INHOUSE_PASSWORD": token}
    install_inhouse = [uv, "pip", "install", "--python", python_of(tool), "inhouse==" + project.version]
    return before + [(install_inhouse, dict(login, UV_DEFAULT_INDEX="inhouse=" + project.index))]


def run(command, environ):
    """Run a program and let it talk.

    Raises:
        BootstrapError: It does not start, or fails.
    """
    shown = " ".join([os.path.basename(command[0])] + command[1:])
    try:
        code = wait_for(command, environ)
    except OSError as error:
        raise BootstrapError("`%s` does not start: %s" % (shown, error), "reinstall it: %s" % command[0]) from error
    if code != 0:
        hint = "the reason is above"
        if command[1:3] == ["-m", "venv"]:
            hint += "; on Debian and Ubuntu, `apt install python3-venv` or installing uv helps"
        raise BootstrapError("`%s` failed with exit code %d" % (shown, code), hint)


def wait_for(command, environ):
    """Run a program apart from the terminal's signals and return its exit code; an interrupt is for us, who then end it.

    It would otherwise be interrupted together with us, and venv and pip show a traceback then.
    """
    apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}
    process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, **apart)
    try:
        return process.wait()
    except BaseException:
        if os.name == "nt":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGTERM)  # with what it has started itself
        process.wait()
        raise


def remove(path):
    """Remove a folder with everything in it, a file, or nothing.

    Raises:
        BootstrapError: Something in it is in use or belongs to somebody else.
    """
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.remove(path)
    except OSError as error:
        raise BootstrapError("%s cannot be removed: %s" % (path, error), "close whatever uses it, and remove it") from error


def say(text):
    """Tell the user what happens."""
    print("bootstrap: " + text, flush=True)


def main():
    """Get the pinned inhouse; return the exit code."""
    try:
        if sys.version_info < MINIMUM_PYTHON:
            raise BootstrapError(
                "Python 3.11 or newer is needed, this is %s" % sys.version.split()[0],
                "name another one, for example: make bootstrap PYTHON=python3.12",
            )
        project = read_project(ROOT)
        if installed_version(TOOL) == project.version:
            say("inhouse %s is already in %s" % (project.version, TOOL))
            return 0
        say("getting inhouse %s from %s" % (project.version, project.index))
        token = get_token(project, os.environ)
        check_index(project, token)
        say("installing it into %s" % TOOL)
        install(project, token, os.environ, TOOL)
    except BootstrapError as error:
        print("error: %s\n\nhint: %s" % (error, error.hint), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    say("done. `make help` lists what comes next")
    return 0


if __name__ == "__main__":
    sys.exit(main())
