"""Measures what getting a token costs, side by side with what people use today; `make bench` runs it.

Every command is run once in each round, one after the other, so that whatever else the machine does falls on all of
them. What is compared are ratios within a round; the table shows their median.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import boto3
import uv

from pytest_inhouse import RunningServer, running

ROOT = Path(__file__).parents[1]
DOMAIN, REPOSITORY, REGION = "acme", "libraries", "us-east-1"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 15
PROCESSES = 24


@dataclass(frozen=True)
class Row:
    """A figure.

    Attributes:
        work: What is done.
        theirs: Seconds that it takes with what it is compared with.
        ours: Seconds that it takes with inhouse.
        ratio: How many times faster inhouse is, or what it takes in units of the other.
        reach: What is to be reached, in words.
        is_reached: Whether it is.
    """

    work: str
    theirs: float
    ours: float
    ratio: float
    reach: str
    is_reached: bool


@dataclass(frozen=True)
class Command:
    """Something to run.

    Attributes:
        argv: The command.
        environment: All its variables.
        prepare: Run before it, and not measured.
    """

    argv: Sequence[str]
    environment: Mapping[str, str]
    prepare: Callable[[], None] = lambda: None

    def seconds(self) -> float:
        """Run it and return the seconds that it took."""
        self.prepare()
        began = time.perf_counter()
        done = subprocess.run(self.argv, env=dict(self.environment), capture_output=True, check=False)
        took = time.perf_counter() - began
        if done.returncode != 0:
            raise SystemExit(f"{self.argv} failed:\n{done.stderr.decode()}")
        return took


def compare(theirs: Command, ours: Command) -> tuple[float, float, float]:
    """Run both in turn; return the median of each, and of the first divided by the second."""
    for command in (theirs, ours):  # byte code and files of the system are warm for everybody
        command.seconds()
    pairs = [(theirs.seconds(), ours.seconds()) for _ in range(ROUNDS)]
    first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
    return first, second, statistics.median(one / other for one, other in pairs)


def install(folder: Path) -> dict[str, Path]:
    """Make environments as users have them, and return the folders of their programs.

    inhouse is installed from wheels: from a checkout it would be found in another way.
    """
    tool = uv.find_uv_bin()
    wheels = folder / "wheels"
    for name in ("inhouse", "inhouse-keyring"):
        argv = [tool, "build", "--quiet", "--wheel", "--out-dir", str(wheels), str(ROOT / "packages" / name)]
        subprocess.run(argv, check=True)
    wanted = {
        "inhouse": [*map(str, wheels.glob("*.whl")), "keyring"],
        "aws": ["awscli"],
        "keyrings.codeartifact": ["keyring", "keyrings.codeartifact"],
    }
    found = {}
    for name, requirements in wanted.items():
        environment = folder / name
        subprocess.run([tool, "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
        python = str(environment / "bin" / "python")
        argv = [tool, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *requirements]
        subprocess.run(argv, check=True)
        found[name] = environment / "bin"
    return found


class Bench:
    """A repository, people's programs, and a home for each of those who are measured.

    Args:
        folder: For everything.
        server: The repository.
        programs: Folders of programs, by what was installed.
    """

    def __init__(self, folder: Path, server: RunningServer, programs: Mapping[str, Path]) -> None:
        self.folder = folder
        self.server = server
        self.programs = programs
        environment = server.environment
        session = boto3.Session(
            environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name=REGION
        )
        client = session.client("codeartifact", endpoint_url=server.url)
        self.owner = client.create_domain(domain=DOMAIN)["domain"]["owner"]
        client.create_repository(domain=DOMAIN, repository=REPOSITORY)
        self.where = ["--domain", DOMAIN, "--owner", self.owner, "--region", REGION]
        self.aws_where = ["--domain", DOMAIN, "--domain-owner", self.owner, "--region", REGION]
        self.address = f"https://{DOMAIN}-{self.owner}.d.codeartifact.{REGION}.amazonaws.com/pypi/{REPOSITORY}/simple/"

    def home(self, name: str, config: str = "", **variables: str) -> dict[str, str]:
        """Return the variables of somebody with a home of their own."""
        home = self.folder / "homes" / name
        (home / ".aws").mkdir(parents=True)
        (home / ".aws" / "config").write_text(config, encoding="utf-8")
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
            **variables,
        }

    def program(self, environment: str, name: str) -> str:
        """Return the path of a program."""
        return str(self.programs[environment] / name)

    def questions(self) -> int:
        """Return how often the repository was asked for a token, as its audit log says."""
        logs = "".join(file.read_text(encoding="utf-8") for file in (self.server.data_dir / "audit").glob("*.jsonl"))
        return logs.count('"codeartifact:GetAuthorizationToken"')

    def cached(self) -> Row:
        """Measure `inhouse token` with a kept token, in a project, against a Python that does nothing."""
        environment = self.home("cached", **self.server.environment)
        project = Path(environment["HOME"])
        table = f'domain = "{DOMAIN}"\nowner = "{self.owner}"\nregion = "{REGION}"\nrepository = "{REPOSITORY}"\n'
        text = f'[project]\nname = "acme-core"\nversion = "1"\n\n[tool.inhouse]\n{table}index = "shared"\n'
        (project / "pyproject.toml").write_text(text, encoding="utf-8")
        os.chdir(project)
        nothing = Command([self.program("inhouse", "python"), "-c", "pass"], environment)
        token = Command([self.program("inhouse", "inhouse"), "token"], environment)
        theirs, ours, _ = compare(nothing, token)
        ratio = ours / theirs
        return Row("`inhouse token`, cached / `python -c pass`", theirs, ours, ratio, "at most 1.7", ratio <= 1.7)

    def cold(self, work: str, reach: float, name: str, config: str = "", **variables: str) -> Row:
        """`inhouse token` with nothing kept against the AWS CLI, which never keeps anything."""
        ours, theirs = (self.home(f"{name}-{who}", config, **variables) for who in ("ours", "theirs"))

        def forget(environment: Mapping[str, str]) -> Callable[[], None]:
            def remove() -> None:
                for folder in (".cache", ".aws/cli"):
                    shutil.rmtree(Path(environment["HOME"]) / folder, ignore_errors=True)

            return remove

        token = [self.program("inhouse", "inhouse"), "token", *self.where]
        aws = [self.program("aws", "aws"), "codeartifact", "get-authorization-token", *self.aws_where]
        found = compare(Command(aws, theirs, forget(theirs)), Command(token, ours, forget(ours)))
        return Row(f"{work} / the AWS CLI", *found, f"at least {reach:g} times faster", found[2] >= reach)

    def profiles(self) -> tuple[str, str]:
        """Return files of profiles: one with keys, and one with a role that is assumed with them."""
        environment = self.server.environment
        keys = f"aws_access_key_id = {environment['AWS_ACCESS_KEY_ID']}\n"
        keys += f"aws_secret_access_key = {environment['AWS_SECRET_ACCESS_KEY']}\n"
        services = "services = embedded\n"
        section = f"[services embedded]\ncodeartifact =\n  endpoint_url = {self.server.url}\n"
        section += f"sts =\n  endpoint_url = {self.server.url}\n"
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{self.owner}:root"}, "Action": "sts:AssumeRole"}
        policy = {"Effect": "Allow", "Action": ["codeartifact:*", "sts:*"], "Resource": "*"}
        files = []
        for name, statement in (("trust", trust), ("policy", policy)):
            file = self.folder / f"{name}.json"
            file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
            files.append(str(file))
        add = ["role", "add", "reader", "--trust", files[0], "--policy", files[1]]
        argv = [sys.executable, "-m", "inhouse_server", *add, "--data-dir", str(self.server.data_dir)]
        subprocess.run(argv, check=True, capture_output=True)
        role = f"role_arn = arn:aws:iam::{self.owner}:role/reader\nsource_profile = people\n"
        return (
            f"[profile work]\n{keys}{services}{section}",
            f"[profile people]\n{keys}[profile work]\n{role}{services}{section}",
        )

    def keyring(self) -> list[Row]:
        """`keyring get`, as uv calls it, for the same address and against the same repository.

        keyrings.codeartifact knows only AWS's own host names; where the token comes from, it lets boto3 decide.
        """
        environment = {**self.server.environment, "AWS_DEFAULT_REGION": REGION}
        ours, theirs = self.home("keyring", **environment), self.home("keyrings-codeartifact", **environment)
        folder = self.folder / "shim"
        argv = [self.program("inhouse", "inhouse-keyring"), "install-shim", str(folder)]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
        look_up = ["get", self.address, "aws"]
        other = Command([self.program("keyrings.codeartifact", "keyring"), *look_up], theirs)
        rows = []
        for work, program, reach in (
            ("`keyring get`, the stand-in", str(folder / "keyring"), 4.0),
            ("`keyring get`, the backend in the real keyring", self.program("inhouse", "keyring"), 0.0),
        ):
            found = compare(other, Command([program, *look_up], ours))
            said = f"at least {reach:g} times faster" if reach else "(for comparison)"
            rows.append(Row(f"{work} / keyrings.codeartifact", *found, said, found[2] >= reach))
        return rows

    def at_once(self) -> tuple[int, float]:
        """Return how many questions 24 processes at once lead to with nothing kept, and how long they take."""
        environment = self.home("at-once", **self.server.environment)
        command = [self.program("inhouse", "inhouse"), "token", *self.where]
        before, began = self.questions(), time.perf_counter()
        started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
        answers = {process.communicate()[0] for process in started}
        took = time.perf_counter() - began
        if len(answers) != 1:
            raise SystemExit(f"{PROCESSES} processes were given {len(answers)} different tokens")
        return self.questions() - before, took


def table(rows: Sequence[Row]) -> str:
    """Return the table of ratios."""
    lines = ["| work | theirs | ours | ratio | reach | |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row.work} | {row.theirs * 1000:.1f} ms | {row.ours * 1000:.1f} ms | {row.ratio:.2f} | {row.reach} | "
        f"{'reached' if row.is_reached else 'MISSED'} |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and return 1 if a figure is not reached."""
    with tempfile.TemporaryDirectory() as name, running(compat="superset") as server:
        folder = Path(name)
        bench = Bench(folder, server, install(folder))
        keys, role = bench.profiles()
        rows = [
            bench.cached(),
            bench.cold("`inhouse token`, cold, keys in variables", 6, "variables", **server.environment),
            bench.cold("`inhouse token`, cold, keys in a profile", 1.8, "keys", keys, AWS_PROFILE="work"),
            bench.cold("`inhouse token`, cold, a role in a profile", 1.8, "role", role, AWS_PROFILE="work"),
            *bench.keyring(),
        ]
        asked, took = bench.at_once()
        os.chdir(ROOT)
    print(table(rows))
    verdict = "reached" if asked == 1 else "MISSED"
    print(
        f"\n{PROCESSES} processes at once, cold: {asked} question to the API, {took * 1000:.0f} ms in all ({verdict})"
    )
    return 0 if asked == 1 and all(row.is_reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
