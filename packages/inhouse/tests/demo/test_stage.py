import os
import subprocess
import sys
from pathlib import Path

from inhouse.demo.stage import person, personal_environment, server_environment, write_program

INHERITED = {
    "PATH": os.environ["PATH"],
    "HOME": "/somebody",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "SSL_CERT_FILE": "/certificates.pem",
    "HTTPS_PROXY": "http://127.0.0.1:3128",
    "PIP_CERT": "/certificates.pem",
    "PIP_EXTRA_INDEX_URL": "https://elsewhere.example/simple/",
    "UV_INDEX": "https://elsewhere.example/simple/",
    "AWS_PROFILE": "production",
}


def test_a_person_inherits_no_configuration_of_any_tool() -> None:
    environment = personal_environment(INHERITED, Path("/home/developer"), Path("/bin/own"))
    assert environment["HOME"] == "/home/developer"
    assert environment["LANG"] == environment["LC_ALL"] == "C.UTF-8"
    assert not {"AWS_PROFILE", "PIP_EXTRA_INDEX_URL", "UV_INDEX", "HTTPS_PROXY", "SSL_CERT_FILE"} & set(environment)


def test_the_repositorys_process_can_reach_out_but_not_to_another_repository() -> None:
    environment = server_environment(INHERITED)
    assert {"SSL_CERT_FILE", "HTTPS_PROXY", "PIP_CERT"} <= set(environment)
    assert not {"AWS_PROFILE", "PIP_EXTRA_INDEX_URL", "UV_INDEX"} & set(environment)


def test_no_inhouse_from_elsewhere_is_on_a_persons_path(tmp_path: Path) -> None:
    elsewhere, tools = tmp_path / "elsewhere", tmp_path / "tools"
    for folder in (elsewhere, tools):
        folder.mkdir()
    (elsewhere / "inhouse").touch()
    inherited = {"PATH": os.pathsep.join([str(elsewhere), "", str(tools)])}
    path = personal_environment(inherited, tmp_path, tmp_path / "own")["PATH"]
    assert path.split(os.pathsep) == [str(tmp_path / "own"), str(tools)]


def test_a_persons_programs_come_first_and_their_python_sees_nothing_of_ours(tmp_path: Path) -> None:
    developer = person(
        tmp_path, "developer", INHERITED, {"greet": [sys.executable, "-c", "import sys; print(sys.argv[1:])"]}
    )
    said = subprocess.run(["sh", "-c", "greet 'a b' c"], env=developer.environment, capture_output=True, check=True)
    assert said.stdout.decode().strip() == "['a b', 'c']"
    seen = subprocess.run(
        ["sh", "-c", "python3 -c 'import inhouse'"], env=developer.environment, capture_output=True, check=False
    )
    assert b"ModuleNotFoundError" in seen.stderr


def test_git_knows_who_the_person_is(tmp_path: Path) -> None:
    developer = person(tmp_path, "developer", INHERITED, {})
    said = subprocess.run(
        ["git", "config", "user.email"], env=developer.environment, cwd=developer.desk, capture_output=True, check=True
    )
    assert said.stdout.decode().strip() == "developer@acme.example"


def test_a_written_program_passes_quotes_on(tmp_path: Path) -> None:
    program = tmp_path / "program"
    write_program(program, [sys.executable, "-c", "print('it''s', \"fine\")"])
    assert subprocess.run([program], capture_output=True, check=True).stdout.decode().strip() == "its fine"
