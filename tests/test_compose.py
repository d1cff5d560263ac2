"""The containers, as far as they can be read without an engine: nothing open, nothing left to chance."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph import CHECKOUT, SETTINGS
from graph.jars import VERSION, read_lock
from graph.server_files import CONF

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APP, NEO4J = SERVICES["app"], SERVICES["neo4j"]
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
EACH = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def lines(word: str) -> list[str]:
    """What follows an instruction of the Dockerfile, each time it stands there."""
    return [line.partition(" ")[2] for line in DOCKERFILE if line.startswith(f"{word} ")]


def conf_name(variable: str) -> str:
    """The setting that the image's entry point makes of a variable."""
    return variable.removeprefix("NEO4J_").replace("_", ".").replace("..", "_")


def sources(service: dict[str, Any]) -> list[str]:
    """The volumes of a service."""
    return [volume.partition(":")[0] for volume in service["volumes"]]


def test_neo4j_is_the_embedded_one() -> None:
    assert NEO4J["image"] == f"neo4j:{VERSION}"
    assert {jar.version for jar in read_lock() if jar.artifact == "neo4j"} == {VERSION}


def test_neo4j_is_set_as_the_embedded_one() -> None:
    ours = {conf_name(name): value for name, value in NEO4J["environment"].items()}
    pairs = [line.partition("=") for line in CONF.format(port=7687, memory="1g").splitlines()]
    wanted = {
        name: value
        for name, _, value in pairs
        if value
        and not name.endswith("_address")
        and not name.startswith(("#", "internal.server."))
    }
    assert len(wanted) > 10
    assert {name: ours.get(name) for name in wanted} == wanted


def test_every_variable_is_a_setting() -> None:
    names = {name for name in APP["environment"] if name.startswith("SIGNPOST_")}
    names |= set(re.findall(r"\bSIGNPOST_\w+(?==)", "\n".join(DOCKERFILE)))
    assert names
    assert names <= {setting.name for setting in SETTINGS}
    assert "SIGNPOST_DEMO" not in names
    assert APP["environment"]["SIGNPOST_HOST"] == "0.0.0.0"  # inside a container


@EACH
def test_each_says_how_it_is(service: dict[str, Any]) -> None:
    check = service["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)


def test_the_app_waits_for_a_neo4j_that_answers() -> None:
    assert APP["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert "cypher-shell" in NEO4J["healthcheck"]["test"][1]
    assert "/health" in APP["healthcheck"]["test"][-1]


def test_only_the_app_can_be_reached_and_only_from_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["app"]
    assert all(port.startswith("127.0.0.1:") for port in APP["ports"])
    assert all("network_mode" not in service for service in SERVICES.values())


def test_neo4j_can_call_nobody() -> None:
    assert [COMPOSE["networks"][name] for name in NEO4J["networks"]] == [{"internal": True}]


@EACH
def test_each_is_a_plain_user_with_a_limit(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service
    assert service["mem_limit"]
    assert service["pids_limit"]


def test_neo4j_has_room_beside_its_heap() -> None:
    assert (NEO4J["mem_limit"], NEO4J["environment"]["NEO4J_server_memory_heap_max__size"]) == (
        "2g",
        "1g",
    )


def test_nobody_is_root() -> None:
    assert NEO4J["user"] == "7474:7474"
    assert lines("USER")[-1] == "10001:10001"
    assert "user" not in APP


def test_the_apps_files_cannot_be_changed() -> None:
    assert APP["read_only"] is True
    assert [place.partition(":")[0] for place in APP["tmpfs"]] == ["/tmp"]
    assert APP["volumes"] == ["signpost-home:/var/lib/signpost", "./secrets/app:/etc/signpost:ro"]
    assert APP["environment"]["SIGNPOST_HOME"] == "/var/lib/signpost"


def test_secrets_are_files_that_git_never_sees() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert "/secrets/" in (CHECKOUT / ".gitignore").read_text().splitlines()
    assert "!secrets" not in (CHECKOUT / ".dockerignore").read_text()


@EACH
def test_each_gets_the_secrets_it_names_and_no_more(service: dict[str, Any]) -> None:
    said = service["environment"].values()
    named = [value for value in said if str(value).startswith("/run/secrets/")]
    assert sorted(f"/run/secrets/{name}" for name in service["secrets"]) == sorted(named)
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    assert not any(
        word in name for name in service["environment"] for word in ("PASSWORD=", "KEY=")
    )


def test_volumes_are_named_and_declared() -> None:
    used = [source for service in SERVICES.values() for source in sources(service)]
    assert sorted(used) == sorted([*COMPOSE["volumes"], "./secrets/app"])


def test_every_other_setting_is_in_a_file_beside_the_secrets() -> None:
    assert APP["env_file"] == [{"path": "./secrets/app.env", "required": False}]
    assert "env_file" not in NEO4J
    text = (CHECKOUT / "docs" / "own-neo4j.md").read_text()
    [written] = re.findall(r"```ini\n# secrets/app\.env\n(.*?)```", text, re.DOTALL)
    said = dict(line.split("=", 1) for line in written.splitlines())
    assert set(said) <= {setting.name for setting in SETTINGS} - set(APP["environment"])
    files = {value for name, value in said.items() if name.endswith("_FILE")}
    assert files
    assert all(Path(file).parent == Path("/etc/signpost") for file in files)


def test_the_image_is_made_from_the_lock_alone() -> None:
    [base] = lines("FROM")
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", base)
    installs = [command for run in lines("RUN") for command in run.split("&&") if "pip" in command]
    assert [" ".join(command.split()) for command in installs] == [
        "pip install --require-hashes -r requirements.lock",
        "pip install --no-deps --no-build-isolation -e .",
    ]


def test_what_is_copied_is_there_and_is_sent() -> None:
    sent = {
        line[1:]
        for line in (CHECKOUT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {source for line in lines("COPY") for source in line.split()[:-1]}
    assert copied == sent
    assert all((CHECKOUT / source).exists() for source in copied)
    packages = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]
    wanted = {name.removesuffix("*") for name in packages["packages"]["find"]["include"]}
    assert len(wanted) == 4
    assert wanted | {"cypher"} <= copied


@pytest.mark.parametrize(
    "path",
    [
        CHECKOUT / name
        for name in (
            "Dockerfile",
            "docker-compose.yml",
            "requirements.lock",
            "requirements-dev.lock",
            "graph/neo4j.lock",
        )
    ],
    ids=lambda path: path.name,
)
def test_no_file_names_a_registry(path: Path) -> None:
    found = re.findall(r"https?://[^\s/\"']+", path.read_text())
    assert set(found) <= {"http://127.0.0.1:8400"}
    assert "index-url" not in path.read_text()
